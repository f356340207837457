"""The first step: has the raw data among the files of its run."""

import csv
import tempfile
from pathlib import Path

import mlflow


def load_raw_data():
    """Stands for a download."""
    with mlflow.start_run() as run:
        folder = Path(tempfile.mkdtemp())
        ratings = folder / "ratings.csv"
        with ratings.open("w", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(["user", "film", "rating"])
            for number in range(100):
                user, film = number % 10, number // 10
                writer.writerow([user, film, 1 + 0.3 * film + 0.02 * film * film + 0.01 * user])
        print(f"Uploading ratings: {ratings}")
        mlflow.log_artifact(str(ratings), "ratings-csv-dir")
        print(f"Logged to {run.info.artifact_uri}")


if __name__ == "__main__":
    load_raw_data()
