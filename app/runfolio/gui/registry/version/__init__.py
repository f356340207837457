"""What the inspector shows of a version of a registered model."""
