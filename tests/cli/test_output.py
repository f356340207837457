"""What commands print, for people, for programs, for pipes that close and for spreadsheets."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.cli.test_runs import ids
from tests.cli.test_runs import store as store

NO_PYARROW = """
import sys
sys.modules["pyarrow"] = None
sys.argv = ["runfolio", *sys.argv[1:]]
from runfolio.cli.main import main
main()
"""


def test_every_change_tells_programs_what_it_changed(store: Path) -> None:
    at = "--store", str(store), "--json"
    one = ids(store)["run 0"]

    def told(*words: str) -> dict[str, object]:
        answer = json.loads(run(*words, *at).stdout)
        assert isinstance(answer, dict)
        return answer

    for words in (("tag", one, "k", "v"), ("rename", one, "new"), ("delete", one), ("restore", one)):
        assert told("runs", *words)["run_ids"] == [one], words
    assert told("runs", "move", one, "--to", "team/b")["run_ids"] == [one]
    made = told("experiments", "create", "third")
    assert (made["name"], made["runs"]) == ("third", 0)
    for words in (
        ("tag", "third", "k", "v"),
        ("rename", "third", "fourth"),
        ("delete", "fourth"),
        ("restore", "fourth"),
    ):
        assert told("experiments", *words)["experiment_id"] == made["experiment_id"], words
    started = told("log", "start", "--name", "by hand")
    assert json.loads(run("runs", "show", str(started["run_id"]), *at).stdout)["status"] == "RUNNING"
    assert told("backup", str(store.with_name("copy")))["target"] == str(store.with_name("copy"))
    counted = "runs", "experiments", "files", "bytes", "row_bytes", "single_files", "single_bytes"
    nothing = dict.fromkeys((*counted, "versions", "version_bytes", "left_runs", "left_experiments"), 0)
    assert told("gc", "--dry-run") == {**nothing, "dry_run": True}


def test_nothing_that_was_logged_steers_the_terminal(store: Path) -> None:
    one = ids(store)["run 0"]
    run("runs", "rename", one, "\x1b[31mred\x07 \u202etxt", "--store", str(store))
    for words in (("runs", "list"), ("runs", "show", one), ("runs", "list", "--columns", "run_name")):
        shown = run(*words, "--store", str(store), COLUMNS="200").stdout
        assert "\\x1b[31mred\\x07 \\u202etxt" in shown and not {"\x1b", "\x07", "\u202e"} & set(shown), words
    found = run("runs", "list", "--json", "--store", str(store)).stdout
    assert "\x1b" not in found and "\x1b[31mred\x07 \u202etxt" in [one["name"] for one in json.loads(found)]


def test_who_has_read_enough_may_close_the_pipe(store: Path) -> None:
    command = f"{sys.executable} -m runfolio runs export --store {store} | head -c 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.stderr == "" and done.stdout.splitlines()[-1].lstrip("r") in ("0", "141")


def test_a_closed_pipe_is_no_error_of_ours(store: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "runfolio", "runs", "list", "--store", str(store)]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, timeout=60)
    os.close(writer)
    assert (done.returncode, done.stderr) == (141, "")


def test_interrupting_an_export_leaves_no_half_file(store: Path, tmp_path: Path) -> None:
    target = tmp_path / "out" / "runs.csv"
    target.parent.mkdir()
    patched = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom runfolio.cli.main import main\n"
        "whole = Path.write_bytes\n"
        "def half(path, content):\n    whole(path, content[:10])\n    os.kill(os.getpid(), signal.SIGINT)\n"
        "Path.write_bytes = half\n"
        f"sys.argv = ['runfolio', 'runs', 'export', {str(target)!r}, '--store', {str(store)!r}]\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", patched], capture_output=True, text=True, timeout=60)
    assert done.returncode == 130 and "Traceback" not in done.stderr
    assert list(target.parent.iterdir()) == []


def test_an_experiments_runs_are_exported_as_runs_are(store: Path) -> None:
    options = (
        "--filter",
        "params.lr < 1",
        "--order-by",
        "metrics.loss ASC",
        "--limit",
        "1",
        "--columns",
        "run_name,params.lr",
    )
    text = run("experiments", "export", "team/a", "--format", "csv", *options, "--store", str(store)).stdout
    assert list(csv.reader(text.splitlines())) == [["run_name", "params.lr"], ["run 1", "0.1"]]
    listed = run("experiments", "list", "--order-by", "name DESC", "--limit", "1", "--json", "--store", str(store))
    assert [one["name"] for one in json.loads(listed.stdout)] == ["team/b"]


def test_a_spreadsheet_finds_no_formula(store: Path, tmp_path: Path) -> None:
    one = ids(store)["run 0"]
    run("runs", "tag", one, "note", '=HYPERLINK("http://x")', "--store", str(store))
    target = tmp_path / "runs.csv"
    columns = "--columns", "tags.note,params.lr", "--filter", "run_name = 'run 0'"
    run("runs", "export", str(target), "--spreadsheet", *columns, "--store", str(store))
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(target.read_text("utf-8-sig").splitlines()))
    assert rows[1] == ['\'=HYPERLINK("http://x")', "1.0"]
    plain = run("runs", "export", *columns, "--store", str(store)).stdout
    assert plain.splitlines()[1].startswith('"=HYPERLINK')


def test_parquet_without_its_library(store: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", NO_PYARROW, "runs", "export", str(tmp_path / "a.parquet"), "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 5 and "Parquet files need pyarrow" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "a.parquet").exists()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals")
def test_a_pipe_is_read_by_its_usual_name_too(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "runfolio", "log", "-", "--json", "--store", str(tmp_path)]
    lines = b"metric loss 1 0\nmetric loss x 1\n\xff\n" + b"tag long " + b"x" * (17 << 20) + b"\nmetric loss 2 2"
    done = subprocess.run(command, input=lines, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert {key: value for key, value in json.loads(done.stdout).items() if key != "run_id"} == {
        "logged": 2,
        "refused": 3,
    }
    for said in (b"line 2: ", b"line 3: The line is not UTF-8", b"line 4: The line is longer"):
        assert said in done.stderr
