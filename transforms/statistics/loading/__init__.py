"""From the rows of a file to the rows of fact_statistic."""
