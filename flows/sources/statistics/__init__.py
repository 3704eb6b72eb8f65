"""Official statistics: one reader a format, and what makes `fact_statistic` of what they read."""
