"""Models in the MLmodel format: what they take and give, how they are saved, loaded and checked."""
