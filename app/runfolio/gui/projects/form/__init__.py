"""The form that an entry point is run with, drawn from what it says of its parameters."""
