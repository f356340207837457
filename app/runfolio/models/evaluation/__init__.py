"""How good a model is: metrics, curves, slices and importances, logged to a run and returned."""
