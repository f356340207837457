"""The page of the registry: a registered model's board of stages, its versions, where they come from, and its log."""
