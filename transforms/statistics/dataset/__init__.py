"""What dataset.toml says."""
