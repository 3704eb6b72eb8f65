"""A file of statistics before it is a data set: what it seems to be, and a draft of its dataset.toml."""
