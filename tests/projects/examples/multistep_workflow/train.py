"""The third step: fits a polynomial to the ratings."""

import json
from pathlib import Path

import click
import mlflow
import numpy as np


@click.command()
@click.option("--data")
@click.option("--degree", default=1, type=int)
@click.option("--split-prop", default=0.8, type=float)
def train(data, degree, split_prop):
    """Fits to one part of the rows, and measures with both."""
    rows = np.array([row for part in sorted(Path(data).glob("*.json")) for row in json.loads(part.read_text())])
    np.random.RandomState(0).shuffle(rows)
    split = int(len(rows) * split_prop)
    with mlflow.start_run():
        coefficients = np.polyfit(rows[:split, 1], rows[:split, 2], degree)
        for name, part in (("train", rows[:split]), ("test", rows[split:])):
            errors = np.polyval(coefficients, part[:, 1]) - part[:, 2]
            mlflow.log_metric(f"{name}_mse", float(np.mean(errors**2)))
        mlflow.log_dict({"coefficients": coefficients.tolist()}, "model.json")


if __name__ == "__main__":
    train()
