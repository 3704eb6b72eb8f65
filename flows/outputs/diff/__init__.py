"""Differences between two releases."""
