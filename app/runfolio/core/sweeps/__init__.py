"""Sweeps: many runs of an entry point, with values that a search chooses."""
