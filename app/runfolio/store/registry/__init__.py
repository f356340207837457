"""The registry: models, their versions, stages, aliases and files, and the log of all that was done with them."""
