"""Doubts about figures: the rules, and notes of the readers."""
