"""Readers of files, with a folder for each format."""
