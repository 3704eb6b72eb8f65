"""JSON-stat 2.0."""
