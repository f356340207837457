"""Views of the runs: the bar above the table, and what is kept of how runs are looked at."""
