"""Specifying a sweep in the window: what is searched, how, and when it is over."""
