"""Logging from a shell: each call a process of its own, or a pipe of lines."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import run


def shown(store: Path, run_id: str) -> dict[str, Any]:
    """A run as `runs show --json` tells of it."""
    found: dict[str, Any] = json.loads(run("runs", "show", run_id, "--json", "--store", str(store)).stdout)
    return found


def pipe(store: Path, text: str, *options: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Log lines."""
    command = [sys.executable, "-m", "runfolio", "log", "stdin", "--store", str(store), *options]
    done = subprocess.run(command, input=text, capture_output=True, text=True, timeout=60)
    assert done.returncode == code, done.stderr
    return done


def test_a_run_of_many_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    started = run("log", "start", "--experiment", "shell/train", "--name", "by hand", "--store", str(store))
    run_id = started.stdout.strip()
    assert "making a new store" in started.stderr
    assert shown(store, run_id)["status"] == "RUNNING", "though the process that started it is over"
    monkeypatch.setenv("RUNFOLIO_STORE", str(store))
    monkeypatch.setenv("RUNFOLIO_RUN_ID", run_id)
    run("log", "param", "lr", "0.1")
    for step in range(3):
        run("log", "metric", "loss", str(1 / (step + 1)), "--step", str(step))
    run("log", "metric", "odd", "nan")
    run("log", "tag", "note", "from a shell")
    (tmp_path / "a.txt").write_text("hello")
    run("log", "artifact", str(tmp_path / "a.txt"), "files")
    assert "cannot become '0.2'" in run("log", "param", "lr", "0.2", code=2).stderr
    run("log", "param", "lr", "0.2", "--overwrite")
    assert shown(store, run_id)["status"] == "RUNNING"
    run("log", "end", "--status", "failed")
    found = shown(store, run_id)
    assert (found["status"], found["name"], found["experiment"]) == ("FAILED", "by hand", "shell/train")
    assert found["params"] == {"lr": "0.2"} and found["metrics"]["loss"]["count"] == 3
    assert found["metrics"]["odd"]["last"] == "nan" and found["artifacts"][0]["path"] == "files/a.txt"
    assert found["end_time"] >= found["start_time"]


def test_programs_are_told_what_was_logged(tmp_path: Path) -> None:
    at = "--json", "--store", str(tmp_path / "store")
    run_id = json.loads(run("log", "start", *at).stdout)["run_id"]
    (tmp_path / "a.txt").write_text("hello")
    (tmp_path / "folder").mkdir()
    for words, told in (
        (("metric", "loss", "nan", "--step", "3"), {"metric": "loss", "value": "nan", "step": 3}),
        (("metric", "loss", " 1e3"), {"metric": "loss", "value": 1000.0, "step": 0}),
        (("param", "lr", "0.1"), {"param": "lr", "value": "0.1"}),
        (("tag", "note", "first try"), {"tag": "note", "value": "first try"}),
        (("artifact", str(tmp_path / "a.txt"), "files/"), {"artifact": "files/a.txt"}),
        (("artifact", str(tmp_path / "folder")), {"artifact": "folder"}),
        (("text", "notes.md"), {"artifact": "notes.md"}),
        (("end",), {"status": "FINISHED"}),
    ):
        assert json.loads(run("log", *words, "--run", run_id[:8], *at).stdout) == {"run_id": run_id, **told}, words
    assert [one["path"] for one in shown(tmp_path / "store", run_id)["artifacts"]] == ["files/a.txt", "notes.md"]
    assert run("log", "tag", "note", "again", "--run", run_id, "--store", str(tmp_path / "store")).stdout == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("metric", "loss", "high"), "must be a number"),
        (("end", "--status", "RUNNING"), "does not end"),
        (("tag", "a//b", "x"), "not allowed"),
    ],
)
def test_wrong_calls(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    run_id = run("log", "start", "--store", str(tmp_path)).stdout.strip()
    assert said in run("log", *words, "--run", run_id, "--store", str(tmp_path), code=2).stderr


def test_without_a_run(tmp_path: Path) -> None:
    assert "Which run is meant?" in run("log", "metric", "a", "1", "--store", str(tmp_path), code=2).stderr
    run("log", "start", "--store", str(tmp_path))
    missing = run("log", "metric", "a", "1", "--run", "f" * 32, "--store", str(tmp_path), code=3)
    assert "There is no run" in missing.stderr


def test_a_file_that_cannot_be_stored_is_a_failure(tmp_path: Path) -> None:
    store = tmp_path / "store"
    run_id = run("log", "start", "--store", str(store)).stdout.strip()
    (store / "artifacts").rmdir()
    (store / "artifacts").write_text("in the way")
    done = run("log", "artifact", __file__, "--run", run_id, "--json", "--store", str(store), code=5)
    assert "could not be stored" in done.stderr and not done.stdout


def test_a_pipe_of_lines(tmp_path: Path) -> None:
    lines = [
        "# a comment", "", "param lr 0.1", "tag note two words", "metric loss 0.5 1", "metric loss 0.25 2",
        '{"metrics": {"loss": 0.125, "acc": 0.9}, "step": 3, "timestamp": 1700000000000}', '{"params": {"depth": 4}}',
    ]  # fmt: skip
    pipe(tmp_path, "\n".join(lines), "-e", "pipe", "--name", "lines")
    (found,) = json.loads(run("runs", "list", "--json", "--store", str(tmp_path)).stdout)
    assert (found["name"], found["status"], found["experiment"]) == ("lines", "FINISHED", "pipe")
    assert found["params"] == {"lr": "0.1", "depth": "4"} and found["tags"]["note"] == "two words"
    assert found["metrics"]["loss"] | {"mean": 0} == {
        "last": 0.125, "last_step": 3, "min": 0.125, "max": 0.5, "mean": 0, "count": 3,
    }  # fmt: skip


def test_a_bad_line_is_told_by_its_number_and_the_others_go_on(tmp_path: Path) -> None:
    bad = ["metric loss", "metric loss high", "{broken", '{"x": 1}', "dance", "metric loss 1 1.5", "[1]"]
    done = pipe(tmp_path, "\n".join(["metric loss 1 0", *bad, "metric loss 2 1"]), code=1)
    for number in range(2, 2 + len(bad)):
        assert f"line {number}: " in done.stderr
    (found,) = json.loads(run("runs", "list", "--json", "--store", str(tmp_path)).stdout)
    assert found["metrics"]["loss"]["count"] == 2


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_line_is_not_lost_with_the_process_that_took_it(tmp_path: Path, number: signal.Signals) -> None:
    command = [sys.executable, "-m", "runfolio", "log", "stdin", "--store", str(tmp_path)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    assert process.stdin is not None and process.stderr is not None
    for step in range(100):
        process.stdin.write(f"metric loss {step} {step}\n")
    process.stdin.write("stop\n")
    process.stdin.flush()
    while "line 101" not in process.stderr.readline():  # it has taken all before
        pass
    process.send_signal(number)
    process.communicate()
    assert process.returncode in (130, -number)
    (found,) = json.loads(run("runs", "list", "--json", "--store", str(tmp_path)).stdout)
    assert found["metrics"]["loss"]["count"] == 100 and found["status"] == "KILLED"
