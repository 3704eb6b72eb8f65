"""PC-Axis files."""
