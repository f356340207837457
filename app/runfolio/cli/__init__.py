"""The command line: one module per noun. Heavy libraries are loaded by the commands that need them."""
