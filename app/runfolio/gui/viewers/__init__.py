"""Viewers of files: one module each, found by the registry."""
