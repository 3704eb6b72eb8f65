"""Readers of files, a folder a format."""
