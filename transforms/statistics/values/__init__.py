"""How a printed value is read."""
