"""What every reader gives: a relation, of the cells of a cube or of a table."""
