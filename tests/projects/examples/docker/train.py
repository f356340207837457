"""Logs what it was given, and what it finds in its container."""

import argparse
import os

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--alpha", type=float, default=0.5)
parser.add_argument("--l1-ratio", type=float, default=0.5)
args = parser.parse_args()

with mlflow.start_run():
    mlflow.log_metric("penalty", args.alpha * args.l1_ratio)
    mlflow.set_tag("grape", os.environ["GRAPE"])
    mlflow.set_tag("passed on", os.environ.get("PASSED_ON", ""))
