"""The agencies' progress reports."""
