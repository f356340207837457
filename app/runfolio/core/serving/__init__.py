"""Servers of models: what they are told and what is known of them."""
