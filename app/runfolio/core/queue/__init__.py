"""The queue of jobs: what waits, what runs, and what has become of it."""
