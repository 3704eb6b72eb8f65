"""What two releases differ in."""
