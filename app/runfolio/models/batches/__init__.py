"""Files that a model predicts: read, predicted and written a batch of rows at a time."""
