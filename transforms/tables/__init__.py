"""Rows, frames and what they must obey."""
