"""Documents as trees: JSON and YAML, opened node by node."""
