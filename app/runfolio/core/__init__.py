"""The domain in plain Python and numpy: what runs, metrics and curves are. No SQL, no Qt, no I/O beyond paths."""
