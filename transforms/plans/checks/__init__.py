"""Checks of a whole document: what is doubtful in the texts, agencies and windows of its rows."""
