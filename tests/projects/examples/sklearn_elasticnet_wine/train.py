"""Predicts how good a wine is by a linear model; the penalty and its kind are the arguments."""

import logging
import sys
import warnings
from pathlib import Path
from urllib.parse import urlparse

import mlflow
import mlflow.sklearn
import numpy as np
import pandas as pd
from mlflow.models import infer_signature
from sklearn.linear_model import ElasticNet
from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
from sklearn.model_selection import train_test_split

logging.basicConfig(level=logging.WARN)
logger = logging.getLogger(__name__)


def measure(actual, predicted):
    """The usual measures of a regression."""
    return {
        "rmse": float(np.sqrt(mean_squared_error(actual, predicted))),
        "mae": float(mean_absolute_error(actual, predicted)),
        "r2": float(r2_score(actual, predicted)),
    }


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    np.random.seed(40)

    data = pd.read_csv(Path(__file__).resolve().parent / "wine-quality.csv")
    train, test = train_test_split(data, random_state=1)
    train_x, test_x = train.drop(["quality"], axis=1), test.drop(["quality"], axis=1)
    train_y, test_y = train[["quality"]], test[["quality"]]

    alpha = float(sys.argv[1]) if len(sys.argv) > 1 else 0.5
    l1_ratio = float(sys.argv[2]) if len(sys.argv) > 2 else 0.5

    with mlflow.start_run():
        model = ElasticNet(alpha=alpha, l1_ratio=l1_ratio, random_state=42)
        model.fit(train_x, train_y)
        measures = measure(test_y, model.predict(test_x))

        print(f"Elasticnet model (alpha={alpha:f}, l1_ratio={l1_ratio:f}):")
        for name, value in measures.items():
            print(f"  {name.upper()}: {value}")

        mlflow.log_param("alpha", alpha)
        mlflow.log_param("l1_ratio", l1_ratio)
        mlflow.log_metric("rmse", measures["rmse"])
        mlflow.log_metrics({name: measures[name] for name in ("r2", "mae")})

        signature = infer_signature(train_x, model.predict(train_x))
        # A store of plain files could hold no registered models in older versions.
        if urlparse(mlflow.get_tracking_uri()).scheme != "file":
            mlflow.sklearn.log_model(model, "model", registered_model_name="ElasticnetWine", signature=signature)
        else:
            mlflow.sklearn.log_model(model, "model", signature=signature)
