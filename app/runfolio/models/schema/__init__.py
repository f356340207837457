"""What a model takes and gives: types, columns, tensors and parameters, as MLflow writes them into MLmodel files."""
