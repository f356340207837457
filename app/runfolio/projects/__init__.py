"""Projects: what fetches, runs and repeats the code that experiments are made of."""
