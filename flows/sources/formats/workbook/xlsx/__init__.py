"""How the sheets of an .xlsx or .xlsm look, beyond their values."""
