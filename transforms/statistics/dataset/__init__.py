"""The description of a data set, dataset.toml."""
