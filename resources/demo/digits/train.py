"""A sweep over learning rate, width and batch size of a small network on scikit-learn's handwritten digits.

Every setting is trained with several seeds. Train and validation loss and accuracy are logged at every epoch; the
confusion matrix, a report and the fitted model are stored with each run. The best three models are registered, and the
gates of the stages say which of them may go on.

    python train.py --runs 24 --epochs 40 --workers 2
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import signal
import sys
import warnings
from typing import Any

import matplotlib.pyplot
import numpy as np
import sklearn
from sklearn.datasets import load_digits
from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score, classification_report, log_loss
from sklearn.model_selection import train_test_split
from sklearn.neural_network import MLPClassifier

import runfolio

EXPERIMENT = "vision/digits-mlp"
REGISTERED = "digits-mlp"
# So many of the best models are registered.
CANDIDATES = 3
POLICY = """\
card: [val/acc, val/loss]
gates:
  Staging:
    checks: [signature, description]
  Production:
    when_failing: reason
    checks:
      - {metric: val/acc, at_least: 0.9}
      - {metric: val/acc, beside_holder: not_worse, tolerance: 0.002}
      - input_example
      - description
      - {runs_in_group: 2}
"""
Setting = dict[str, Any]


def settings() -> list[Setting]:
    """All settings of the sweep; the seeds go round last, so that a shortened sweep has them too."""
    grid = itertools.product((0.01, 0.001, 0.0003), (128, 32), (32, 128), (0, 1))
    return [{"lr": lr, "width": width, "batch": batch, "seed": seed} for lr, width, batch, seed in grid]


def train(setting: Setting, epochs: int) -> tuple[float, str]:
    """Train one model and log it; returns its accuracy on the validation part, and the run's id."""
    images, labels = load_digits(return_X_y=True)
    # The split is the same for all runs: seeds vary the network, not the data it is judged on.
    parts = train_test_split(images / 16.0, labels, test_size=0.3, random_state=0, stratify=labels)
    x_train, x_val, y_train, y_val = parts
    model = MLPClassifier(
        hidden_layer_sizes=(setting["width"],),
        learning_rate_init=setting["lr"],
        batch_size=setting["batch"],
        random_state=setting["seed"],
    )
    name = "lr{lr:g}-w{width}-b{batch}-s{seed}".format(**setting)
    tags = {"seed": setting["seed"], "dataset": "digits"}
    with runfolio.start_run(run_name=name, tags=tags, description="One setting of the digits sweep.") as run:
        runfolio.log_params({**setting, "optimizer": "adam", "epochs": epochs})
        for epoch in range(1, epochs + 1):
            model.partial_fit(x_train, y_train, classes=np.unique(labels))
            runfolio.log_metrics(
                {
                    "train/loss": log_loss(y_train, model.predict_proba(x_train)),
                    "train/acc": model.score(x_train, y_train),
                    "val/loss": log_loss(y_val, model.predict_proba(x_val)),
                    "val/acc": model.score(x_val, y_val),
                },
                step=epoch,
            )
        log_results(model, x_val, y_val, model.predict(x_val))
    return float(accuracy_score(y_val, model.predict(x_val))), run.info.run_id


def log_results(model: MLPClassifier, images: Any, truth: Any, predicted: Any) -> None:
    """Store the confusion matrix as a picture, the report as a text, and the fitted model."""
    display = ConfusionMatrixDisplay.from_predictions(truth, predicted, cmap="Blues", colorbar=False)
    runfolio.log_figure(display.figure_, "confusion.png", save_kwargs={"dpi": 110, "bbox_inches": "tight"})
    matplotlib.pyplot.close(display.figure_)
    runfolio.log_text(classification_report(truth, predicted, zero_division=0), "report.txt")
    runfolio.log_dict(model.get_params(), "parameters.yaml")
    # Its requirements are named: to find them out, each of the runs would start one more process.
    runfolio.sklearn.log_model(
        model,
        name="model",
        serialization_format="cloudpickle",
        input_example=images[:3],
        pip_requirements=[f"scikit-learn=={sklearn.__version__}"],
    )


def prepare() -> None:
    """Make a process ready to train: no display, and one thread, since the runs go side by side."""
    matplotlib.use("Agg")
    runfolio.set_experiment(EXPERIMENT)


def job(arguments: tuple[Setting, int]) -> tuple[Setting, float, str]:
    """One run, in a process of the pool."""
    setting, epochs = arguments
    return setting, *train(setting, epochs)


def register(done: list[tuple[Setting, float, str]]) -> None:
    """Register the best models, the best last, which is moved to Staging and named the challenger."""
    client = runfolio.Client()
    best = sorted(done, key=lambda one: one[1])[-CANDIDATES:]
    for setting, accuracy, run in best:
        described = "Width {width}, learning rate {lr:g}, batches of {batch}".format(**setting)
        text = f"{described}: {accuracy:.2%} of the digits it had not seen are read right."
        version = runfolio.register_model(f"runs:/{run}/model", REGISTERED, description=text, reason="One of the best")
    client.set_registered_model_policy(REGISTERED, POLICY, reason="What a model must have before it serves")
    client.transition_model_version_stage(REGISTERED, version.version, "Staging", reason="The best of the sweep")
    client.set_registered_model_alias(REGISTERED, "challenger", version.version)
    print(f"Registered the best as {REGISTERED}; v{version.version} is in Staging", flush=True)


def main() -> None:
    """Run the sweep, and say what each run came to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=24, help="how many settings to train, from the first")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    warnings.filterwarnings("ignore", module="sklearn")
    # By way of an exception the pool ends its workers; their runs are then KILLED.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("The sweep was stopped."))
    jobs = [(setting, options.epochs) for setting in settings()[: options.runs]]
    # Spawned, not forked: the libraries below keep threads that a fork would lose.
    with multiprocessing.get_context("spawn").Pool(options.workers, prepare) as pool:
        done = []
        for setting, accuracy, run in pool.imap_unordered(job, jobs):
            done.append((setting, accuracy, run))
            text = " ".join(f"{key}={value:g}" for key, value in setting.items())
            print(f"{len(done)}/{len(jobs)} {text}  val/acc {accuracy:.4f}", flush=True)
        # Leaving the block would kill the workers: let them end by themselves.
        pool.close()
        pool.join()
    if done:
        register(done)


if __name__ == "__main__":
    main()
