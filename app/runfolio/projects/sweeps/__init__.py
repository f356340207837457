"""Sweeps as they run: what asks for trials, has them run and remembers them."""
