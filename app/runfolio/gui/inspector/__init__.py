"""The inspector: everything about one run, on the right of the window."""
