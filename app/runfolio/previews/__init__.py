"""What is in a file, read in pieces and without running anything that it holds: no Qt, no database, no run."""
