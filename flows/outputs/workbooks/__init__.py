"""Excel files for agencies."""
