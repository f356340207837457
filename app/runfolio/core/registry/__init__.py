"""Registered models in plain values: what may be promoted, by which rules, and what has happened to a version."""
