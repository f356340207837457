"""Log a fitted model's settings and scores, and a text, in the style of MLflow's quick start."""

import mlflow
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

mlflow.set_experiment("quickstart")
features, labels = load_iris(return_X_y=True)
train_x, test_x, train_y, test_y = train_test_split(features, labels, test_size=0.2, random_state=42)
params = {"solver": "lbfgs", "max_iter": 1000, "random_state": 8888}

with mlflow.start_run() as run:
    mlflow.log_params(params)
    model = LogisticRegression(**params).fit(train_x, train_y)
    mlflow.log_metric("accuracy", accuracy_score(test_y, model.predict(test_x)))
    mlflow.set_tag("Training Info", "Basic LR model for iris data")
    mlflow.log_text("classes: 3", "notes/classes.txt")

finished = mlflow.get_run(run.info.run_id)
assert finished.info.status == "FINISHED"
assert finished.data.params["solver"] == "lbfgs"
assert 0.9 < finished.data.metrics["accuracy"] <= 1
assert finished.data.tags["Training Info"].startswith("Basic")
