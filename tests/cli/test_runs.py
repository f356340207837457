"""Runs and experiments from the command line: what is printed, what the store holds after it, exit codes."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.test_commands import run

SCRIPT = """
import runfolio
for number in range(3):
    runfolio.set_experiment(f"team/{'a' if number < 2 else 'b'}")
    with runfolio.start_run(run_name=f"run {number}"):
        runfolio.log_param("lr", 10.0 ** -number)
        runfolio.set_tag("note", "with | bar" if number else "plain")
        for step in range(3):
            runfolio.log_metric("loss", 1 / (number + step + 1), step=step)
        runfolio.log_text("hello", "a.txt")
"""

# The command, whose store is moved away once the first run of the trash and its files are gone.
GOES_AWAY = """
from runfolio.cli.main import main
from runfolio.store import garbage
remove = garbage._remove_files

def then_move(store):
    remove(store)
    with store.reading() as connection:
        left = len(garbage._in_trash(connection, garbage.schema.runs, 1 << 62))
    if left < 2:
        store.path.rename(store.path.with_name("aside"))

garbage.BATCH, garbage._remove_files = 1, then_move
main()
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store of three runs in two experiments."""
    folder = tmp_path / "filled"
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, env={**os.environ, "RUNFOLIO_STORE": str(folder)})
    return folder


def ids(store: Path, *options: str) -> dict[str, str]:
    """The ids of runs by their names."""
    found = json.loads(run("runs", "list", "--json", *options, "--store", str(store)).stdout)
    return {one["name"]: one["run_id"] for one in found}


def test_runs_are_chosen_by_filters(store: Path) -> None:
    assert list(ids(store, "--filter", "metrics.loss < 0.3", "--order-by", "metrics.loss DESC")) == ["run 1", "run 2"]
    assert list(ids(store, "--filter", "params.lr = '1.0' or name = 'run 2'", "-o", "name ASC")) == ["run 0", "run 2"]
    wrong = run("runs", "list", "--filter", "metrics.loss < high", "--store", str(store), code=2).stderr
    assert "metrics.loss < high\n" in wrong and "^" in wrong


def test_why_no_run_is_listed(store: Path) -> None:
    at = ("--store", str(store))
    assert run("runs", "list", "--filter", "metrics.loss > 9", *at).stdout == "No run fits the filter.\n"
    assert run("runs", "list", "--deleted", *at).stdout == "No run is in the trash.\n"
    slip = run("runs", "list", "--filter", "metrics.los > 9 or status = 'failed'", "--json", *at)
    assert slip.stdout == "[]\n"
    assert slip.stderr.splitlines() == [
        "runfolio: No status is written 'failed': did you mean 'FAILED'?",
        "runfolio: No run has the metric 'los'. Did you mean metrics.loss?",
    ]
    unchecked = run("runs", "list", "--filter", "check:any", *at)
    assert "3 runs not looked at by the health checks yet" in unchecked.stderr and "No run fits" in unchecked.stdout


def test_a_run_is_shown_by_the_beginning_of_its_id(store: Path) -> None:
    run_id = ids(store)["run 1"]
    text = run("runs", "show", run_id[:8], "--store", str(store), COLUMNS="200").stdout
    for word in (run_id, "team/a", "lr", "0.1", "loss", "a.txt", "FINISHED"):
        assert word in text
    shown = json.loads(run("runs", "show", run_id, "--json", "--store", str(store)).stdout)
    assert shown["metrics"]["loss"]["count"] == 3 and shown["artifacts"][0]["path"] == "a.txt"
    assert "There is no run" in run("runs", "show", "0000ffff", "--store", str(store), code=3).stderr
    assert "not the id of a run" in run("runs", "show", "a'--", "--store", str(store), code=2).stderr


def test_runs_are_changed(store: Path) -> None:
    named = ids(store)
    at = ("--store", str(store))
    run("runs", "tag", named["run 0"], "stage", "best", *at)
    run("runs", "tag", named["run 0"], "note", *at)
    run("runs", "rename", named["run 0"], "winner", *at)
    run("runs", "move", named["run 0"], named["run 1"], "--to", "team/b", *at)
    (shown,) = (json.loads(run("runs", "show", named["run 0"], "--json", *at).stdout),)
    assert (shown["name"], shown["experiment"], shown["tags"]["stage"]) == ("winner", "team/b", "best")
    assert "note" not in shown["tags"]
    run("runs", "delete", named["run 1"], named["run 2"], *at)
    assert list(ids(store)) == ["winner"] and set(ids(store, "--deleted")) == {"run 1", "run 2"}
    run("runs", "restore", named["run 2"], *at)
    assert set(ids(store)) == {"winner", "run 2"}


def test_experiments(store: Path) -> None:
    at = ("--store", str(store))
    number = run("experiments", "create", "new/one", *at).stdout.strip()
    run("experiments", "tag", "new/one", "owner", "ada", *at)
    run("experiments", "rename", number, "new/two", *at)
    shown = json.loads(run("experiments", "show", "new/two", "--json", *at).stdout)
    assert shown["experiment_id"] == number and shown["tags"] == {"owner": "ada"} and shown["runs"] == 0
    run("experiments", "delete", "team/a", *at)
    listed = json.loads(run("experiments", "list", "--json", *at).stdout)
    assert [one["name"] for one in listed] == ["new/two", "team/b"]
    assert list(ids(store)) == ["run 2"]
    run("experiments", "restore", "team/a", *at)
    assert "team/a" in run("experiments", "list", *at).stdout and len(ids(store)) == 3
    assert "already an experiment" in run("experiments", "create", "team/a", *at, code=2).stderr


def test_every_format_holds_the_same(store: Path, tmp_path: Path) -> None:
    at = ("--store", str(store), "--order-by", "name ASC")
    text = run("runs", "export", *at).stdout
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [row["run_name"] for row in rows] == ["run 0", "run 1", "run 2"]
    assert rows[1]["params.lr"] == "0.1" and float(rows[1]["metrics.loss"]) == 0.25
    assert rows[0]["start_time"].endswith("+00:00")
    for suffix in ("json", "parquet", "md", "csv"):
        run("runs", "export", str(tmp_path / f"out.{suffix}"), *at, "--columns", "run_name,metrics.loss,tags.note")
    found = json.loads((tmp_path / "out.json").read_text())
    assert found[1] == {"run_name": "run 1", "metrics.loss": 0.25, "tags.note": "with | bar"}
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert table["metrics.loss"].tolist() == [one["metrics.loss"] for one in found]
    assert "| run 1 | 0.25 | with \\| bar |" in (tmp_path / "out.md").read_text()
    assert (tmp_path / "out.csv").read_text().splitlines()[0] == "run_name,metrics.loss,tags.note"
    exported = run("experiments", "export", "team/b", "--format", "json", "--store", str(store)).stdout
    assert [one["run_name"] for one in json.loads(exported)] == ["run 2"]
    wrong = run("runs", "export", str(tmp_path / "out.xls"), *at, code=2).stderr
    assert "does not tell its format" in wrong and not (tmp_path / "out.xls").exists()
    assert "No run has a column 'x'" in run("runs", "export", "--columns", "x", *at, code=2).stderr


def test_keys_of_an_order_stand_between_commas_or_are_given_one_by_one(store: Path) -> None:
    def listed(*options: str) -> list[str]:
        return list(ids(store, *options))

    both = listed("--order-by", "experiment_name DESC", "--order-by", "metrics.loss")
    assert listed("--order-by", "experiment_name DESC, metrics.loss") == both == ["run 2", "run 1", "run 0"]


def test_numbers_are_told_with_the_digits_that_the_window_shows(store: Path) -> None:
    at = "--store", str(store), "--order-by", "run_name ASC"
    listed = run("runs", "list", *at).stdout.splitlines()
    assert [line.split()[-1] for line in listed] == ["loss", "0.3333", "0.2500", "0.2000"]
    chosen = run("runs", "list", "--columns", "metrics.loss,params.lr", *at).stdout.splitlines()
    assert [line.split() for line in chosen[1:]] == [["0.3333", "1.0"], ["0.2500", "0.1"], ["0.2000", "0.01"]]
    shown = run("runs", "show", ids(store)["run 1"], "--store", str(store)).stdout
    assert ["loss", "0.2500", "0.2500", "0.5000", "2", "3"] in [line.split() for line in shown.splitlines()]


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    for words in (("runs", "list"), ("runs", "export"), ("experiments", "list"), ("doctor",)):
        run(*words, "--store", str(tmp_path / "typo"), code=1 if words == ("doctor",) else 3)
        assert not (tmp_path / "typo").exists()


def test_the_doctor_tells_what_is_wrong(store: Path) -> None:
    at = ("--store", str(store))
    # Not the machine's own libraries for a window are looked at here.
    told = run("doctor", "--json", *at, QT_QPA_PLATFORM="offscreen").stdout
    healthy = {one["check"]: one for one in json.loads(told)}
    assert all(one["ok"] for one in healthy.values()), healthy
    (store / "artifacts" / "nobody").mkdir()
    next((store / "artifacts").glob("*/a.txt")).unlink()
    sick = {one["check"]: one["ok"] for one in json.loads(run("doctor", "--json", *at, code=1).stdout)}
    assert sick["folders of no run"] is False and sick["files"] is False and sick["database"] is True
    told = run("doctor", *at, code=1).stdout
    assert "BAD  files: 1 are missing" in told and "ok   files that no run knows: none" in told
    stray = store / "artifacts" / "nobody" / "stray.md"
    stray.write_text("x")
    os.utime(stray, (1e9, 1e9))
    told = run("doctor", *at, code=1).stdout
    assert "BAD  files that no run knows: 1 in artifacts/, such as nobody/stray.md; see" in told
    assert "runfolio storage orphans" in told


def test_the_trash_is_emptied_and_a_copy_made(store: Path, tmp_path: Path) -> None:
    at = ("--store", str(store))
    run("experiments", "delete", "team/a", *at)
    told = json.loads(run("gc", "--dry-run", "--json", *at).stdout)
    assert told.pop("row_bytes") > 0 and told.pop("left_runs") == told.pop("left_experiments") == 0
    singles = {"single_files": 0, "single_bytes": 0, "versions": 0, "version_bytes": 0}
    assert told == {"runs": 2, "experiments": 1, "files": 2, "bytes": 10, "dry_run": True, **singles}
    assert "Copied" in run("backup", str(tmp_path / "copy.zip"), *at).stdout and (tmp_path / "copy.zip").is_file()
    assert "Removed 0 runs" in run("gc", "--older-than", "1d", *at).stdout
    for span in ("soon", "9999999999w"):
        assert "not a span of time" in run("gc", "--older-than", span, *at, code=2).stderr
    assert "Removed 2 runs, 1 experiments and 2 files" in run("gc", *at).stdout
    assert ids(store, "--deleted") == {} and list(ids(store)) == ["run 2"]


def test_a_trash_that_cannot_be_emptied_to_its_end_tells_what_went_and_what_is_left(store: Path) -> None:
    run("experiments", "delete", "team/a", "--store", str(store))
    command = [sys.executable, "-c", GOES_AWAY, "gc", "--store", str(store)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (store.with_name("aside") / "runfolio.db").exists() and done.returncode == 4
    assert "Removed 1 runs, 0 experiments and 1 files" in done.stdout and "1 runs are still there" in done.stdout
    assert "is gone" in done.stderr and "Traceback" not in done.stderr


def test_an_export_that_cannot_be_written_says_so_and_leaves_nothing(store: Path, tmp_path: Path) -> None:
    nowhere = run("runs", "export", str(tmp_path / "none" / "runs.csv"), "--store", str(store), code=5)
    assert "cannot be written" in nowhere.stderr
    taken = tmp_path / "runs.csv"
    taken.mkdir()
    assert "cannot be written" in run("runs", "export", str(taken), "--store", str(store), code=5).stderr
    assert list(taken.iterdir()) == [] and not list(tmp_path.glob(".*.part"))
