"""The rows of the published tables, plan by plan."""
