"""Descriptions of data that runs used: name, digest, schema, profile and source, one module for each kind of data."""
