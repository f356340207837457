"""Sweeps in the database: what is searched, and the trials of each."""
