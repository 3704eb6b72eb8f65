"""The commands of `npa`: options and handler of each group together."""
