"""The process that a model answers in: it is started in the model's environment, and has nothing to do with HTTP."""
