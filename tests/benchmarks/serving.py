"""A model served by Runfolio and by MLflow's own server: by turns, on the same machine, asked by the same client.

    python -m tests.benchmarks.serving                          # Runfolio alone
    python -m tests.benchmarks.serving --mlflow VENV/bin/python # and the MLflow that is installed there
    python -m tests.benchmarks.serving --kills 60               # 200 clients for 60 s, with processes killed in between

Both serve the same folder in the environment that is there (`--env-manager local`), with one process of the model.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from tests.benchmarks.harness import Figure, calibration, report, timed
from tests.other_processes import until

ROOT = Path(__file__).resolve().parents[2]
ROW = {"dataframe_split": {"columns": ["a", "b", "c", "d"], "data": [[1.0, 2.0, 3.0, 4.0]]}}
#: Of MLflow's figures, the share that is allowed.
BARS = {"p99": 0.5, "start to first answer": 1 / 3, "memory": 0.5}
ROWS, SECONDS, CONNECTIONS = 10_000, 5.0, 32


def make_model(folder: Path) -> Any:
    """A small model of scikit-learn with four columns, saved for both; itself."""
    import numpy as np
    import pandas as pd
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression

    import runfolio.sklearn

    os.environ["RUNFOLIO_INFER_REQUIREMENTS"] = "0"
    numbers = np.random.default_rng(0).normal(size=(500, 4))
    table = pd.DataFrame(numbers, columns=list("abcd"))
    target = (numbers.sum(axis=1) > 0).astype(int)
    model = LogisticRegression().fit(table, target)
    runfolio.sklearn.save_model(model, folder / "linear", input_example=table[:5])
    trees = RandomForestClassifier(n_estimators=100, random_state=0).fit(table, target)
    runfolio.sklearn.save_model(trees, folder / "trees", input_example=table[:5])
    return {"linear": model, "trees": trees}


def free_port() -> int:
    """A port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@contextmanager
def serving(name: str, python: str, folder: Path, *options: str) -> Iterator[tuple[int, psutil.Process, float]]:
    """A server of a model: its port, its process, and the seconds from its start to its first answer."""
    port = free_port()
    command = ["-m", "mlflow"] if name == "MLflow" else ["-m", "runfolio"]
    arguments = ["models", "serve", "-m", str(folder), "-p", str(port), "--env-manager", "local", *options]
    path = os.pathsep.join([str(Path(python).parent), os.environ.get("PATH", os.defpath)])
    environment = {**os.environ, "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"}
    if name != "MLflow":
        environment["PYTHONPATH"] = str(ROOT / "app")
    began = time.perf_counter()
    quiet = subprocess.DEVNULL
    process = subprocess.Popen([python, *command, *arguments], env=environment, stdout=quiet, stderr=quiet)
    tree = psutil.Process(process.pid)
    try:
        until(lambda: answers(port) or process.poll() is not None)
        assert process.poll() is None, f"{name} has ended"
        yield port, tree, time.perf_counter() - began
    finally:
        for one in [*tree.children(recursive=True), tree]:
            one.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    """Whether a server predicts."""
    try:
        ask(port, ROW)
    except OSError:
        return False
    return True


def ask(port: int, body: Any) -> Any:
    """The predictions."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/invocations", sent, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=120) as reply:
        return json.load(reply)["predictions"]


def loaded(port: int, body: Path, connections: int, seconds: float) -> dict[str, Any]:
    """How a server does under load from a process of its own."""
    options = ["--connections", str(connections), "--seconds", str(seconds)]
    command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(body), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def megabytes(tree: psutil.Process) -> float:
    """The memory of a process and all below it."""
    return sum(one.memory_info().rss for one in [tree, *tree.children(recursive=True)]) / 2**20


def turn(name: str, python: str, folder: Path, scratch: Path) -> dict[str, float]:
    """All figures of one server, once."""
    row = scratch / "row.json"
    row.write_text(json.dumps(ROW))
    with serving(name, python, folder / "linear") as (port, tree, start):
        loaded(port, row, CONNECTIONS, 1.0)
        many, one = loaded(port, row, CONNECTIONS, SECONDS), loaded(port, row, 1, SECONDS / 2)
        assert set(many["statuses"]) == {"200"}, many
        memory = megabytes(tree)
        batches = median(timed(lambda: ask(port, batch())) for _ in range(5)) * 1000
    return {
        "requests a second": many["per_second"],
        "p99": many["p99"],
        "one connection, p50": one["p50"],
        "start to first answer": start,
        "memory": memory,
        "10,000 rows": batches,
    }


def batch() -> bytes:
    """A request of many rows, the same for all."""
    if not _BATCH:
        import numpy as np

        rows = np.random.default_rng(1).normal(size=(ROWS, 4)).tolist()
        _BATCH.append(json.dumps({"dataframe_split": {"columns": list("abcd"), "data": rows}}).encode())
    return _BATCH[0]


_BATCH: list[bytes] = []


def parsed(model: Any) -> float:
    """Milliseconds that the model takes for many rows, with reading and writing JSON, where nothing is served."""
    import pandas as pd

    def work() -> None:
        told = json.loads(batch())["dataframe_split"]
        found = model.predict(pd.DataFrame(told["data"], columns=told["columns"]))
        json.dumps({"predictions": found.tolist()})

    return median(timed(work) for _ in range(7)) * 1000


def against_parsing(models: Any, folder: Path, rounds: int) -> list[Figure]:
    """Many rows in one request: what serving adds to the model and to reading them."""
    found = []
    for name, model in models.items():
        with serving("Runfolio", sys.executable, folder / name) as (port, _, _):
            ask(port, batch())
            pairs = [
                (median(timed(lambda: ask(port, batch())) for _ in range(7)) * 1000, parsed(model))
                for _ in range(rounds)
            ]
        share = median(with_server / alone for with_server, alone in pairs)
        note = f"{median(one for one, _ in pairs):.0f} ms against {median(one for _, one in pairs):.0f} ms"
        found.append(Figure(f"10,000 rows, {name}: against predict and parsing", share, "x", 1.1, note))
    return found


def with_kills(folder: Path, scratch: Path, seconds: float) -> list[Figure]:
    """Many clients at one time, while a process of the model is killed every five seconds."""
    row = scratch / "row.json"
    row.write_text(json.dumps(ROW))
    with serving("Runfolio", sys.executable, folder / "linear", "--workers", "2") as (port, tree, _):
        options = ["--connections", "200", "--seconds", str(seconds)]
        command = [sys.executable, "-m", "tests.benchmarks.load", str(port), str(row), *options]
        client = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        kills = 0
        while client.poll() is None:
            with suppress(subprocess.TimeoutExpired):
                client.wait(5)
            if client.poll() is None and (below := tree.children()):
                os.kill(below[kills % len(below)].pid, signal.SIGKILL)
                kills += 1
        told = json.loads(client.communicate(timeout=120)[0])
    others = sum(number for status, number in told["statuses"].items() if status not in ("200", "503"))
    return [
        Figure("answered", told["statuses"].get("200", 0), "requests", None, f"200 clients, {kills} kills"),
        Figure("told to come back (503)", told["statuses"].get("503", 0), "requests"),
        Figure("neither", others, "requests", 0),
        Figure("p99", told["p99"], "ms"),
    ]


def compared(folder: Path, scratch: Path, mlflow: str, rounds: int) -> list[Figure]:
    """Both servers by turns; medians."""
    found: dict[str, list[dict[str, float]]] = {"Runfolio": [], **({"MLflow": []} if mlflow else {})}
    for number in range(rounds):
        for name, had in found.items():
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
            had.append(turn(name, sys.executable if name == "Runfolio" else mlflow, folder, scratch))
    middle = {name: {what: median(one[what] for one in had) for what in had[0]} for name, had in found.items()}
    units = {"requests a second": "/s", "start to first answer": "s", "memory": "MB"}
    figures = [
        Figure(f"{name}: {what}", value, units.get(what, "ms"))
        for what in middle["Runfolio"]
        for name, value in ((name, had[what]) for name, had in middle.items())
    ]
    if mlflow:
        share = {what: middle["Runfolio"][what] / middle["MLflow"][what] for what in middle["Runfolio"]}
        figures.append(
            Figure("requests a second, times MLflow's", share.pop("requests a second"), "x", 3, at_least=True)
        )
        figures += [Figure(f"{what}, times MLflow's", value, "x", BARS.get(what)) for what, value in share.items()]
    return figures


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mlflow", default="", help="the Python of an environment that has MLflow")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kills", type=float, default=0.0, help="seconds of load with kills, instead of all else")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="runfolio-benchmark-") as place:
        scratch, folder = Path(place), Path(place) / "models"
        models = make_model(folder)
        if given.kills:
            return report("Serving, with kills", with_kills(folder, scratch, given.kills))
        figures = compared(folder, scratch, given.mlflow, given.rounds)
        figures += against_parsing(models, folder, given.rounds)
    return report("Serving", [*figures, calibration()])


if __name__ == "__main__":
    sys.exit(main())
