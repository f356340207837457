"""A server of a stage or an alias follows the registry without a request that fails."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import runfolio
from runfolio.client.tracker import close_all
from runfolio.models.safety.hashing import fingerprint
from runfolio.models.safety.trust import trust
from runfolio.tracking import MlflowClient
from tests.other_processes import until
from tests.serving.server import Server, read

BODY = json.dumps({"inputs": [1]}).encode()


def save(folder: Path, number: int) -> Path:
    """A model that says its number, and waits before that for the file that a request names."""

    class Says(runfolio.pyfunc.PythonModel):
        def predict(self, context: object, model_input: Any, params: object = None) -> list[int]:
            while isinstance(model_input[0], str) and not Path(model_input[0]).exists():
                time.sleep(0.02)
            return [number]

    runfolio.pyfunc.save_model(folder, python_model=Says())
    return folder


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> MlflowClient:
    """Of a store with three versions of a model, of which the last one cannot be loaded; the first is in production."""
    monkeypatch.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")
    found = MlflowClient(tracking_uri=str(tmp_path / "default-store"))
    found.create_registered_model("says")
    for number in (1, 2, 3):
        folder = save(tmp_path / f"m{number}", number)
        if number == 3:
            (folder / "python_model.pkl").write_bytes(b"no pickle")
            trust(fingerprint(folder), "a damaged one")
        found.create_model_version("says", str(folder))
    found.transition_model_version_stage("says", "1", "Production")
    found.set_registered_model_alias("says", "best", "1")
    return found


@pytest.fixture(autouse=True)
def closed() -> object:
    """No store is left open."""
    yield
    close_all()


def test_a_promotion_takes_over_under_load_without_a_request_that_fails(client: MlflowClient) -> None:
    with Server("models:/says/Production") as server, ThreadPoolExecutor(8) as pool:
        ended = threading.Event()

        def ask() -> list[tuple[int, str]]:
            """What is answered one after the other on one connection: the number, and the version that says it."""
            connection, found = server.connection(), []
            while not ended.is_set():
                connection.request("POST", "/invocations", BODY, {"Content-Type": "application/json"})
                answer = read(connection)
                found.append((answer.predictions[0], answer.headers["x-model-version"]))
            connection.close()
            return found

        clients = [pool.submit(ask) for _ in range(8)]
        until(lambda: server.get("/status").told["requests"] > 50)
        client.transition_model_version_stage("says", "2", "Production", archive_existing_versions=True)
        until(lambda: server.get("/status").told["version"] == "2")
        seen = server.get("/status").told["requests"]
        until(lambda: server.get("/status").told["requests"] > seen + 50)
        ended.set()
        for one in clients:
            told = one.result(60)
            assert all(version == str(number) for number, version in told), "the header names who has answered"
            numbers = [number for number, _ in told]
            assert numbers == sorted(numbers) and {1, 2} >= set(numbers)
        status = server.get("/status").told
        assert set(status["answered"]) == {"200"} and status["swaps"] == 1 and len(status["processes"]) == 1
        assert server.ask(BODY).predictions == [2]


def test_who_has_answered_is_told_also_when_another_version_has_taken_over_meanwhile(
    client: MlflowClient, tmp_path: Path
) -> None:
    go = tmp_path / "go"
    with Server("models:/says/Production") as server, ThreadPoolExecutor(1) as pool:
        slow = pool.submit(server.ask, {"inputs": [str(go)]})
        until(lambda: server.get("/status").told["pending"] == 1)
        client.transition_model_version_stage("says", "2", "Production", archive_existing_versions=True)
        until(lambda: server.get("/status").told["version"] == "2")
        go.touch()
        told = slow.result(60)
        assert (told.predictions, told.headers["x-model-version"]) == ([1], "1")


def test_a_version_that_does_not_load_leaves_the_old_one_answering(client: MlflowClient) -> None:
    with Server("models:/says@best") as server:
        client.set_registered_model_alias("says", "best", "3")
        problem = until(lambda: server.get("/status").told["problem"])
        assert "Version 3 cannot be loaded" in problem
        told = server.ask(BODY)
        assert (told.predictions, told.headers["x-model-version"]) == ([1], "1")
        client.set_registered_model_alias("says", "best", "2")
        until(lambda: server.get("/status").told["version"] == "2")
        assert server.ask(BODY).predictions == [2] and not server.get("/status").told["problem"]


def strange_version(client: MlflowClient, folder: Path) -> Path:
    """Version 4, whose files somebody else has changed, is the best one from now on; its files."""
    strange = save(folder / "m4", 4)
    (strange / "more.txt").write_text("somebody else has been here")
    client.create_model_version("says", str(strange))
    client.set_registered_model_alias("says", "best", "4")
    return strange


def test_a_version_that_nobody_has_trusted_is_not_run(client: MlflowClient, tmp_path: Path) -> None:
    with Server("models:/says@best") as server:
        strange_version(client, tmp_path)
        assert "is not trusted" in until(lambda: server.get("/status").told["problem"])
        assert server.ask(BODY).predictions == [1]
        client.set_registered_model_alias("says", "best", "1")
        until(lambda: not server.get("/status").told["problem"])


@pytest.mark.slow  # whether it is trusted is looked at every ten seconds
def test_a_version_that_is_trusted_later_takes_over_then(client: MlflowClient, tmp_path: Path) -> None:
    with Server("models:/says@best") as server:
        strange = strange_version(client, tmp_path)
        until(lambda: server.get("/status").told["problem"])
        trust(fingerprint(strange), "one that is known now")
        until(lambda: server.get("/status").told["version"] == "4")
        assert server.ask(BODY).predictions == [4]


def test_a_stage_that_is_left_empty_leaves_the_old_one_answering(client: MlflowClient) -> None:
    with Server("models:/says/Production") as server:
        client.transition_model_version_stage("says", "1", "Archived")
        until(lambda: server.get("/status").told["problem"])
        assert server.ask(BODY).predictions == [1]
        client.transition_model_version_stage("says", "2", "Production")
        until(lambda: server.get("/status").told["version"] == "2")
        assert server.ask(BODY).predictions == [2]


def test_a_number_stays_that_version(client: MlflowClient) -> None:
    with Server("models:/says/1") as server:
        client.transition_model_version_stage("says", "2", "Production", archive_existing_versions=True)
        assert server.ask(BODY).predictions == [1]
        assert server.get("/status").told["version"] == "1"
