"""How the sheets of an .ods look, beyond their values."""
