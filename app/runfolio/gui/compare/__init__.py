"""The page on which many runs are compared at once: parallel coordinates, points, and statistics of groups."""
