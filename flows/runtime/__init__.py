"""What every command runs on: settings, signals, progress, version."""
