"""How the texts of a plan are read."""
