"""Official statistics: how a data set's description, codes and rules make `fact_statistic`."""
