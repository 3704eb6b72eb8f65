"""The quality rules, their messages, and the translation of all sentences to users."""
