"""How a table is made: pure functions, data in, data out. No clock, no path, no environment, no Prefect."""
