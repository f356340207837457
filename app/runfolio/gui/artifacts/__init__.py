"""The page of artifacts: the files of a run as a tree, and beside it what the chosen one holds."""
