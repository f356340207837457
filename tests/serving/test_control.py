"""Servers are processes of their own: started, noted in the store's folder, found, ended and forgotten."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import runfolio.pyfunc
from runfolio.core.errors import AlreadyExists, EnvironmentProblem
from runfolio.core.folder import DATABASE
from runfolio.core.serving.records import ServerInfo, Wanted
from runfolio.journal.locks import acquire
from runfolio.serving import control, notes
from runfolio.serving.asking import NoAnswer, Status, ask, status_of
from tests.other_processes import until
from tests.serving.registered import fill

WANTED = Wanted("models:/mine/Production", port=0)
ROW = b'{"dataframe_records": [{"a": 2.0, "b": 1.0}]}'
SECONDS = 30.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("served") / "store"
    fill(folder)
    return folder


@pytest.fixture
def store(folder: Path) -> Iterator[Path]:
    """A store whose servers are ended after the test."""
    yield folder
    for one in notes.servers(folder):
        control.stop(folder, one.id)
        notes.forget(folder, one.id)


def answering(store: Path, server: str) -> tuple[ServerInfo, Status]:
    """A server once it answers."""
    found: list[tuple[ServerInfo, Status]] = []

    def look() -> bool:
        info = notes.read(store, server)
        assert info is not None and info.running, notes.output(store, server)
        fares = status_of(info)
        if fares is not None and fares.ready:
            found.append((info, fares))
        return bool(found)

    until(look)
    return found[0]


def test_a_server_is_started_asked_stopped_started_again_killed_and_forgotten(store: Path) -> None:
    started = control.start(store, replace(WANTED, host="0.0.0.0", token="mellon"))
    assert started.info.running and started.info.process == started.process.pid
    info, fares = answering(store, started.info.id)
    assert notes.servers(store) == [info]
    assert (info.version, fares.version, fares.requests) == ("1", "1", 0)
    assert not notes.forget(store, info.id), "it runs"

    reply = ask(info, "/invocations", ROW)
    assert reply.ok and reply.version == "1" and reply.json() == {"predictions": [pytest.approx(4.0)]}
    body = ask(info, "/openapi.json").json()["paths"]["/invocations"]["post"]["requestBody"]
    assert body["content"]["application/json"]["example"] == {
        "dataframe_split": {"columns": ["a", "b"], "data": [[0.5, 1.0]]}
    }
    told = status_of(info)
    assert told is not None and told.requests == 1 and told.p50 is not None and told.p50 > 0

    assert ask(replace(info, wanted=WANTED), "/invocations", ROW).status == 401
    assert b"mellon" not in Path(f"/proc/{info.process}/cmdline").read_bytes()
    noted = notes.folder_of(store, info.id) / notes.SERVER
    assert stat.S_IMODE(noted.stat().st_mode) == 0o600

    control.stop(store, info.id)
    ended = notes.read(store, info.id)
    assert ended is not None and not ended.running and ended.wanted == info.wanted and not ended.failed
    assert status_of(ended) is None
    with pytest.raises(NoAnswer):
        ask(info, "/ping")

    again = control.start(store, ended.wanted, server=info.id)
    until(lambda: _address(store, info.id))
    assert _address(store, info.id) == ended.address, "it has the port that it had"
    os.kill(again.info.process, signal.SIGKILL)
    until(lambda: not _running(store, info.id))
    killed = notes.read(store, info.id)
    assert killed is not None and killed.failed
    assert notes.forget(store, info.id) and notes.servers(store) == []


def test_a_server_ends_with_the_process_that_has_started_it_unless_it_is_detached(store: Path) -> None:
    lines = (
        "import sys, time",
        "from pathlib import Path",
        "from runfolio.core.serving.records import Wanted",
        "from runfolio.serving.control import start",
        "for detached in (False, True):",
        f"    wanted = Wanted({WANTED.uri!r}, port=0, detached=detached)",
        "    print(start(Path(sys.argv[1]), wanted).info.id, flush=True)",
        "time.sleep(600)",
    )
    starter = subprocess.Popen([sys.executable, "-c", "\n".join(lines), str(store)], stdout=subprocess.PIPE, text=True)
    with starter:
        assert starter.stdout is not None
        attached, detached = starter.stdout.readline().strip(), starter.stdout.readline().strip()
        answering(store, attached)
        starter.kill()
    until(lambda: not _running(store, attached))
    info, _ = answering(store, detached)
    assert ask(info, "/invocations", ROW).ok and info.wanted.detached


def test_a_server_that_is_let_go_ends_also_while_it_loads_the_model(store: Path, tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    class Never(runfolio.pyfunc.PythonModel):
        """Loaded for ever, but where it is saved."""

        def load_context(self, context: object) -> None:
            while mark.exists():
                time.sleep(0.1)

        def predict(self, context: object, model_input: object, params: object = None) -> object:
            return model_input

    runfolio.pyfunc.save_model(tmp_path / "model", python_model=Never(), pip_requirements=[])
    mark.touch()
    started = control.start(store, Wanted(str(tmp_path / "model"), port=0), trust=True)
    until(lambda: psutil.Process(started.process.pid).children())
    started.let_go()
    assert started.process.wait(SECONDS) == 0
    assert not _running(store, started.info.id)


def test_a_server_of_a_terminal_is_found_while_it_loads_and_leaves_nothing(store: Path) -> None:
    command = [sys.executable, "-m", "runfolio", "models", "serve", "-m", WANTED.uri, "-p", "0", "--store", str(store)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        until(lambda: notes.servers(store))
        assert notes.servers(store)[0].running and notes.servers(store)[0].process == server.pid
        server.send_signal(signal.SIGTERM)
    assert notes.servers(store) == []


def test_a_server_that_runs_is_not_started_again(store: Path) -> None:
    info, _ = answering(store, control.start(store, WANTED).info.id)
    with pytest.raises(AlreadyExists, match="runs already"):
        control.start(store, WANTED, server=info.id)
    assert notes.read(store, info.id) == info


def test_a_server_is_noted_also_while_others_look_whether_it_is(tmp_path: Path) -> None:
    (tmp_path / DATABASE).touch()
    info = notes.new_server(WANTED)
    lock = notes.folder_of(tmp_path, info.id) / notes.LOCK
    lock.parent.mkdir(parents=True)
    looking = acquire(lock, shared=True)
    assert looking is not None and not notes.is_held(lock), "two who look do not see each other"
    threading.Timer(0.2, os.close, [looking]).start()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv(notes.ID_VARIABLE, info.id)
        with notes.noted(tmp_path, WANTED):
            assert notes.is_held(lock) and [one.id for one in notes.servers(tmp_path)] == [info.id]


def test_what_cannot_begin_is_told_with_what_it_printed(store: Path) -> None:
    with pytest.raises(EnvironmentProblem, match="no registered model 'nobody'"):
        control.start(store, Wanted("models:/nobody/1", port=0))
    (left,) = notes.servers(store)
    assert not left.running and "nobody" in notes.output(store, left.id)


def test_a_server_that_does_not_end_by_itself_is_ended_and_counts_as_stopped(store: Path) -> None:
    started = control.start(store, replace(WANTED, host="0.0.0.0", token="mellon"))
    info, _ = answering(store, started.info.id)
    assert info.address == f"http://127.0.0.1:{info.address.rpartition(':')[2]}", "where this machine asks it"
    os.kill(info.process, signal.SIGSTOP)
    control.stop(store, info.id, seconds=0.2)
    ended = notes.read(store, info.id)
    assert ended is not None and not ended.running and not ended.failed and ended.address == info.address


def test_an_address_that_no_server_has_is_not_gone_to(tmp_path: Path) -> None:
    info = replace(notes.new_server(WANTED), address="file:///etc/passwd")
    notes.write(tmp_path, info)
    assert [one.address for one in notes.servers(tmp_path)] == [""]


def test_a_server_of_another_machine_is_none_of_ours(tmp_path: Path) -> None:
    info = notes.new_server(WANTED)
    notes.write(tmp_path, info)
    assert notes.servers(tmp_path) == [info]
    file = notes.folder_of(tmp_path, info.id) / notes.SERVER
    file.write_text(json.dumps(json.loads(file.read_text()) | {"machine": "elsewhere"}))
    assert notes.servers(tmp_path) == []


def test_what_is_no_note_is_passed_over(tmp_path: Path) -> None:
    for name, text in (("aa", "no JSON"), ("bb", json.dumps({"wanted": 3})), ("cc", "[]")):
        place = notes.folder_of(tmp_path, name)
        place.mkdir(parents=True)
        (place / notes.SERVER).write_text(text)
    notes.folder_of(tmp_path, "..not an id").mkdir()
    assert notes.servers(tmp_path) == []


def _address(store: Path, server: str) -> str:
    info = notes.read(store, server)
    return info.address if info is not None and info.running else ""


def _running(store: Path, server: str) -> bool:
    info = notes.read(store, server)
    return info is not None and info.running
