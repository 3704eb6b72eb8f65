"""Progress reports: from the cells that agencies fill in to lines that can be trusted (contract §7)."""
