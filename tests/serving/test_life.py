"""The life of a server: its model's processes end and are started again, and it ends in order."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import runfolio.pyfunc
from tests.other_processes import until
from tests.serving.server import Answer, Server, is_there

ROW = {"dataframe_split": {"columns": ["a", "b"], "data": [[4.0, 1.0]]}}
ODD = {"whole": 1, "number": 1.5, "text": "x", "flag": True, "day": "2024-01-02"}


def odd(**params: Any) -> dict[str, Any]:
    """A request to the model that does as its params say."""
    return {"dataframe_records": [ODD], "params": {"answer": "array", **params}}


def pending(server: Server) -> int:
    """How many requests wait for their answer."""
    return int(server.get("/status").told["pending"])


def restarts(server: Server) -> int:
    """How many processes had to be started again."""
    return int(server.get("/status").told["restarts"])


@pytest.fixture
def server(folders: dict[str, Path]) -> Iterator[Server]:
    """One whose model does as its params say, and whose predictions may take two seconds."""
    with Server(folders["odd"], ["--timeout", "2"]) as started:
        yield started


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """Threads to ask from at one time."""
    with ThreadPoolExecutor(64) as threads:
        yield threads


def test_a_process_that_is_killed_while_it_answers_is_started_again(server: Server, pool: ThreadPoolExecutor) -> None:
    first = server.workers
    asked = [pool.submit(server.ask, odd(sleep=1.5)) for _ in range(3)]
    until(lambda: pending(server) == 3)
    os.kill(first[0], signal.SIGKILL)
    told = [one.result(30) for one in asked]
    assert {one.status for one in told} == {503}
    assert {one.told["error_code"] for one in told} == {"TEMPORARILY_UNAVAILABLE"}
    assert {one.headers["retry-after"] for one in told} == {"1"}
    assert until(lambda: server.workers) != first
    assert server.ask(odd()).predictions == [[1.5]]
    assert server.get("/status").told["restarts"] == 1


def test_a_model_that_ends_its_process_is_started_again(server: Server) -> None:
    for _ in range(2):
        assert server.ask(odd(end=True)).status == 503
        until(server.lives)
    assert server.ask(odd()).predictions == [[1.5]]


def test_a_process_is_started_again_whoever_else_has_its_pipes(server: Server) -> None:
    first = server.workers
    (left,) = server.ask(odd(leave=True)).predictions
    try:
        os.kill(first[0], signal.SIGKILL)
        until(lambda: server.lives() and server.workers != first)
        assert server.end() == 0
        assert is_there(left)
    finally:
        os.kill(left, signal.SIGKILL)


def test_a_model_whose_files_are_gone_for_a_while_answers_again(folders: dict[str, Path], tmp_path: Path) -> None:
    folder = shutil.copytree(folders["classifier"], tmp_path / "model")
    with Server(folder) as server:
        file = folder / "MLmodel"
        file.rename(tmp_path / "away")
        os.kill(server.workers[0], signal.SIGKILL)
        until(lambda: "cannot be loaded" in server.printed)
        assert server.get("/ping").status == 503
        assert "MLmodel cannot be read" in server.get("/status").told["problem"]
        (tmp_path / "away").rename(file)
        until(server.lives)
        assert server.ask(ROW).predictions == [1]
        assert server.get("/status").told["problem"] == ""


def test_it_ends_also_while_a_second_process_loads_the_model(tmp_path: Path) -> None:
    mark = tmp_path / "loaded"

    class Once(runfolio.pyfunc.PythonModel):
        """Loaded for ever where it has been loaded before."""

        def load_context(self, context: object) -> None:
            while mark.exists():
                time.sleep(0.1)
            mark.touch()

        def predict(self, context: object, model_input: Any, params: object = None) -> Any:
            return model_input

    runfolio.pyfunc.save_model(tmp_path / "model", python_model=Once(), pip_requirements=[])
    mark.unlink(missing_ok=True)
    with Server(tmp_path / "model", ["--workers", "2"]) as server:
        assert server.lives() and server.end() == 0


def test_what_nobody_waits_for_any_more_is_not_predicted(folders: dict[str, Path], pool: ThreadPoolExecutor) -> None:
    with Server(folders["odd"]) as server:
        slow = pool.submit(server.ask, odd(sleep=5.0))
        until(lambda: pending(server) == 1)
        with server.connection_of(odd(end=True)):
            until(lambda: pending(server) == 2)
        until(lambda: pending(server) == 1)
        assert slow.result(60).predictions == [[1.5]]
        assert server.ask(odd()).predictions == [[1.5]] and restarts(server) == 0


def test_a_prediction_that_takes_too_long_is_told_and_ended(server: Server) -> None:
    first = server.workers
    told = server.ask(odd(sleep=600.0))
    assert (told.status, told.told["error_code"]) == (504, "DEADLINE_EXCEEDED")
    until(lambda: not is_there(first[0]))
    until(lambda: server.lives() and server.workers != first)
    assert server.ask(odd()).predictions == [[1.5]]


def test_several_processes_answer_at_one_time(folders: dict[str, Path], pool: ThreadPoolExecutor) -> None:
    with Server(folders["odd"], ["--workers", "2"]) as server:
        both = until(lambda: server.workers if len(server.workers) == 2 else [])
        slow = pool.submit(server.ask, odd(sleep=5.0))
        until(lambda: pending(server) == 1)
        assert server.ask(odd()).predictions == [[1.5]] and not slow.done()
        assert slow.result(60).status == 200
        assert sorted(server.workers) == sorted(both)


def test_a_model_that_cannot_be_loaded_ends_the_command_with_a_sentence(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    for file in folders["odd"].iterdir():
        (broken / file.name).write_bytes(b"no pickle" if file.name == "python_model.pkl" else file.read_bytes())
    with Server(broken, fails=True) as server:
        assert server.code not in (0, None)
        assert "The model cannot be loaded" in server.stderr and "Traceback" not in server.stderr
    with Server(tmp_path / "nothing", fails=True) as server:
        assert server.code not in (0, None) and "Traceback" not in server.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_was_taken_is_answered_before_it_ends(
    folders: dict[str, Path], number: int, pool: ThreadPoolExecutor
) -> None:
    with Server(folders["odd"]) as server:
        workers = server.workers
        asked = [pool.submit(server.ask, odd(sleep=0.5)) for _ in range(4)]
        until(lambda: pending(server) == 4)
        assert server.end(number) == 0
        assert [one.result(30).predictions for one in asked] == [[[1.5]]] * 4
    assert not any(is_there(one) for one in workers)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((server.host, server.port), 5)
    assert "Traceback" not in server.stderr


def test_a_second_signal_ends_it_at_once(folders: dict[str, Path], pool: ThreadPoolExecutor) -> None:
    with Server(folders["odd"]) as server:
        workers = server.workers
        asked = [pool.submit(server.ask, odd(sleep=50)) for _ in range(2)]
        until(lambda: pending(server) == 2)
        server.process.send_signal(signal.SIGINT)
        until(lambda: "Answering 2 requests before the end" in server.printed)
        assert server.end(signal.SIGINT) == 0
        assert [one.result(30).status for one in asked] == [503, 503]
        assert "is being stopped" in asked[0].result().told["message"]
    assert not any(is_there(one) for one in workers)
    assert "Traceback" not in server.stderr and "started again" not in server.stderr


@pytest.mark.parametrize("busy", [False, True])
def test_processes_end_with_a_server_that_is_killed(folders: dict[str, Path], busy: bool) -> None:
    with Server(folders["odd"]) as server:
        workers = server.workers
        with server.connection_of(odd(sleep=600.0 if busy else 0.0)):
            until(lambda: pending(server) == busy)
            server.process.kill()
            until(lambda: not any(is_there(one) for one in workers))
        server.end()


def test_a_port_that_is_taken_is_told_or_the_next_one_is_used(folders: dict[str, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with Server(folders["classifier"], ["-p", str(number)], fails=True) as server:
            assert server.code not in (0, None) and f"port {number}" in server.stderr and "is free" in server.stderr


@pytest.mark.slow
def test_many_clients_are_answered_or_told_to_come_back_while_processes_are_killed(
    folders: dict[str, Path], pool: ThreadPoolExecutor
) -> None:
    with Server(folders["classifier"], ["--workers", "2"]) as server:
        ended = threading.Event()

        def ask() -> Counter[int]:
            found: Counter[int] = Counter()
            while not ended.is_set():
                answer: Answer = server.ask(ROW)
                found[answer.status] += 1
                assert answer.status == 503 or answer.predictions == [1]
            return found

        clients = [pool.submit(ask) for _ in range(32)]
        for _ in range(4):
            before = restarts(server)
            os.kill(until(lambda: server.workers)[0], signal.SIGKILL)
            while restarts(server) == before:
                assert not ended.wait(0.05)
        ended.set()
        found = sum((one.result(60) for one in clients), Counter())
        assert set(found) <= {200, 503} and found[200] >= 32
        assert server.ask(ROW).predictions == [1]
