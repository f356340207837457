"""The runs of an entry point, from which values can be taken again."""
