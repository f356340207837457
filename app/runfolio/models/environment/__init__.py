"""What a model needs to run: the files that say so, as MLflow writes and reads them."""
