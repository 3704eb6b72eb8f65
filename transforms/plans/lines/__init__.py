"""The lines of a document: their roles, and the rows of its tables."""
