"""The store of releases."""
