"""The result of every reader: a relation, of the cells of a cube or of a table."""
