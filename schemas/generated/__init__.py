"""DDL, data dictionary and data package, generated from the models."""
