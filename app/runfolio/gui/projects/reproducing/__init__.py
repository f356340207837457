"""Running a run once more from the window: what will be done, what cannot be brought back, and what has changed."""
