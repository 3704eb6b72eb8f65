"""How a table for people is read."""
