"""Files of any format: their limits, beginning and text, and the errors of libraries."""
