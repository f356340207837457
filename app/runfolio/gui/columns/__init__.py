"""Columns of the run table: choosing, filtering and marking them."""
