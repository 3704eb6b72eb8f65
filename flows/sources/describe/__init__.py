"""What is in a file of statistics, before it is declared."""
