"""The tab of versions: all of a model as a table, sorted, filtered and compared."""
