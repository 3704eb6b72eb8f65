"""Draft a dataset.toml for a file that npa has never seen. Guesses only: nothing here reads data for a release."""
