"""The second step: turns the raw data into what is trained on."""

import json
import tempfile
from pathlib import Path

import click
import mlflow


@click.command(help="Makes a table of numbers of a file of ratings.")
@click.option("--ratings-csv")
@click.option("--max-row-limit", default=10000, type=int, help="Of so many rows.")
def etl_data(ratings_csv, max_row_limit):
    """Reads, cuts, writes."""
    with mlflow.start_run():
        folder = Path(tempfile.mkdtemp()) / "ratings-json-dir"
        folder.mkdir()
        lines = Path(ratings_csv).read_text().splitlines()[1:]
        rows = [[float(cell) for cell in line.split(",")] for line in lines][:max_row_limit]
        (folder / "part-0.json").write_text(json.dumps(rows))
        mlflow.log_metric("rows", len(rows))
        print(f"Uploading {len(rows)} rows: {folder}")
        mlflow.log_artifacts(str(folder), "ratings-json-dir")


if __name__ == "__main__":
    etl_data()
