"""From the text of a plan to rows."""
