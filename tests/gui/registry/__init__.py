"""Tests of the page of the registry and of what is dragged there."""
