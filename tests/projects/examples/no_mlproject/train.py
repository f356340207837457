"""A script of a folder that has no MLproject file; its options are what is given with -P."""

import argparse

import mlflow

parser = argparse.ArgumentParser()
parser.add_argument("--rate", type=float, default=0.5)
parser.add_argument("--note", default="")
args = parser.parse_args()

with mlflow.start_run():
    mlflow.log_params({"rate": args.rate})
    mlflow.log_metric("loss", 1 - args.rate)
    mlflow.log_text(args.note, "note.txt")
