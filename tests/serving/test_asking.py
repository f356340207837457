"""Asking a server that does not answer: nobody has to wait, and what it says wrongly counts for nothing."""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.serving.asking import NoAnswer, Status, ask, read_status, status_of


@pytest.fixture
def silent() -> Iterator[ServerInfo]:
    """A server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        yield ServerInfo("a1", Wanted("m"), address, "", 1, 0, running=True)


def test_who_waits_no_more_is_let_go(silent: ServerInfo) -> None:
    with pytest.raises(NoAnswer, match="nobody waits"):
        ask(silent, "/invocations", b"{}", seconds=60, stopped=lambda: True)


@pytest.mark.skipif(sys.platform == "win32", reason="a process there has no such limit")
def test_a_process_with_many_files_asks_as_well(silent: ServerInfo) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as opened:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2048), hard))
        opened.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(1100):
            opened.enter_context(Path(os.devnull).open())
        with pytest.raises(NoAnswer, match="took too long"):
            ask(silent, "/ping", seconds=0.2)


def test_a_server_that_says_nothing_is_given_up(silent: ServerInfo) -> None:
    with pytest.raises(NoAnswer, match="took too long"):
        ask(silent, "/ping", seconds=0.2)


def test_what_is_no_http_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = ServerInfo("a1", Wanted("m"), f"http://127.0.0.1:{listening.getsockname()[1]}", "", 1, 0, running=True)

        def answer() -> None:
            taken, _ = listening.accept()
            with taken:
                taken.recv(4096)
                taken.sendall(b"no HTTP\r\n\r\n")

        answering = threading.Thread(target=answer)
        answering.start()
        with pytest.raises(NoAnswer):
            ask(server, "/status")
        answering.join()


def test_one_that_does_not_run_is_not_asked(silent: ServerInfo) -> None:
    assert status_of(replace(silent, running=False)) is None
    assert status_of(replace(silent, address="")) is None


def test_a_status_of_another_kind_counts_for_nothing() -> None:
    assert read_status({"ready": "yes", "requests": "7", "latency_ms": [1], "processes": ["a"], "log": {}}) == Status()
    told = {"ready": True, "version": "2", "per_second": 3, "latency_ms": {"p50": 1.5, "p99": None}, "processes": [4]}
    assert read_status(told) == Status("2", ready=True, per_second=3.0, p50=1.5, processes=(4,))
