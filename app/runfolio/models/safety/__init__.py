"""Whether a model can run code, whether that is trusted, and a process of its own to run it in."""
