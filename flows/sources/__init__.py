"""What comes in: plans, reports, statistics."""
