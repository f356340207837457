"""Telling others of moves in the registry: a command is run, a message is posted; off unless a policy says so."""
