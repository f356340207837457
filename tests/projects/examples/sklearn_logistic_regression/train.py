"""A small classifier that logs itself."""

import mlflow
import mlflow.sklearn
import numpy as np
from sklearn.linear_model import LogisticRegression

mlflow.sklearn.autolog()

if __name__ == "__main__":
    X = np.array([-2, -1, 0, 1, 2, 1]).reshape(-1, 1)
    y = np.array([0, 0, 1, 1, 1, 0])
    with mlflow.start_run() as run:
        lr = LogisticRegression()
        lr.fit(X, y)
        score = lr.score(X, y)
        print(f"Score: {score}")
        mlflow.log_metric("score", score)
    print(f"Model saved in run {run.info.run_id}")
