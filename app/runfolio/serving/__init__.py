"""Serving: a model answers over HTTP on this machine, as MLflow's scoring server does."""
