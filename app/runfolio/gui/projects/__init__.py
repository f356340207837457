"""Projects in the window: the list of them, the form that an entry point is run with, sweeps, and running once more."""
