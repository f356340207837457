"""`runfolio registry`: models under names, their versions and stages, what is asked of them, and what has happened."""
