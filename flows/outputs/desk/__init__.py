"""The workbook of the status, for an officer who has Excel and no shell."""
