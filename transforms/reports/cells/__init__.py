"""From the texts of the cells of a report to values, without looking at the plans."""
