"""Composite codes: one column of a file whose codes say several columns of ours."""
