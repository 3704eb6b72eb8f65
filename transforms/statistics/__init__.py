"""Official statistics: from data sets to `fact_statistic`."""
