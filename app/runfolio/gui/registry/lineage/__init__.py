"""The tab of lineage: where versions come from, drawn as a graph that one can go through."""
