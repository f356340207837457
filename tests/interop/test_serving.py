"""MLflow's real client scores against a server of ours, and both servers tell the same of wrong requests."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.serving.conftest import folders  # noqa: F401
from tests.serving.models import TABLE
from tests.serving.server import JSON, Answer, Server
from tests.serving.test_wrong_requests import WRONG

pytestmark = pytest.mark.interop
#: What is told otherwise here, and why: by the place in `WRONG`.
OTHERWISE = {
    "1.5 is double": "MLflow cuts off what is behind the point",
    "'x' is string": "MLflow takes any text as true",
    "Column 'flag'": "MLflow takes any text as true",
    "Column 'day'": "MLflow takes a number as nanoseconds",
    "Column 'whole'": "MLflow has 2**63 wrap around",
    "no form for object": "MLflow answers 500",
    "list of dictionaries": "MLflow makes columns of their places",
    "arrow": "MLflow takes no Arrow",
}


@pytest.fixture
def mlflow_client() -> Any:
    """MLflow's own client of its scoring server."""
    pytest.importorskip("mlflow.pyfunc.scoring_server.client", exc_type=ImportError)
    from mlflow.pyfunc.scoring_server.client import ScoringServerClient

    return ScoringServerClient


def test_mlflows_client_scores_against_ours(folders: dict[str, Path], mlflow_client: Any) -> None:  # noqa: F811
    with Server(folders["classifier"]) as server:
        client = mlflow_client(server.host, server.port)
        client.wait_server_ready(timeout=30, scoring_server_proc=server.process)
        client.ping()
        assert client.get_version() == server.get("/version").body.decode()
        found = client.invoke(TABLE)
        assert found.get_predictions()[0].tolist() == [0, 0, 1, 1]
        found = client.invoke(TABLE.to_numpy(), params={"unknown": 1})
        assert json.loads(found.to_json()) == {"predictions": [0, 0, 1, 1]}


@pytest.fixture(scope="module")
def theirs(folders: dict[str, Path]) -> Iterator[dict[str, Server]]:  # noqa: F811
    """MLflow's servers of the same models."""
    pytest.importorskip("mlflow.pyfunc.scoring_server", exc_type=ImportError)
    pytest.importorskip("uvicorn")
    pytest.importorskip("fastapi")
    started = {name: started_by_mlflow(folders[name]) for name in ("classifier", "odd")}
    try:
        for server in started.values():
            assert _is_up(server), "MLflow's server did not start"
        yield started
    finally:
        for server in started.values():
            server.process.terminate()
            server.process.wait(30)


def started_by_mlflow(folder: Path) -> Server:
    """A server of MLflow's."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    found = Server(folder)
    found.host, found.port = "127.0.0.1", port
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    arguments = ["-m", "mlflow", "models", "serve", "-m", str(folder), "-p", str(port), "--env-manager", "local"]
    found.process = subprocess.Popen(
        [sys.executable, *arguments],
        env={**os.environ, "PATH": path, "MLFLOW_DISABLE_TELEMETRY": "true"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return found


def _is_up(server: Server) -> bool:
    pause = threading.Event()
    for _ in range(600):
        try:
            return server.get("/ping").status == 200
        except OSError:
            if server.process.poll() is not None:
                return False
            pause.wait(0.2)
    return False


@pytest.mark.slow
def test_both_servers_tell_the_same_of_wrong_requests(
    folders: dict[str, Path],  # noqa: F811
    theirs: dict[str, Server],
) -> None:
    with Server(folders["classifier"]) as classifier, Server(folders["odd"]) as odd:
        ours = {"classifier": classifier, "odd": odd}
        differ = []
        for model, body, kind, _, word in WRONG:
            if word not in OTHERWISE:
                here, there = _told(ours[model].ask(body, kind)), _told(theirs[model].ask(body, kind))
                differ += [] if here == there else [(model, body, kind, here, there)]
        assert not differ
        for kind in ("text/plain", "application/json; charset=latin1", "application/json; format=x"):
            here, there = (one["classifier"].ask(b"{}", kind) for one in (ours, theirs))
            assert (here.status, here.headers["content-type"]) == (there.status, there.headers["content-type"])


def _told(answer: Answer) -> Any:
    """What clients go by; where in the code an error came up is told here with `--debug` alone."""
    assert answer.headers["content-type"] == JSON
    told = answer.told
    return answer.status, told["error_code"], told["sqlstate"], told["error_class"], set(told) - {"stack_trace"}
