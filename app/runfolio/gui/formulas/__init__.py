"""Columns that are computed or typed by hand: asking for them, and changing them."""
