"""Sweeps in the window: how far one is, which trial is best, and what the parameters say of the metric."""
