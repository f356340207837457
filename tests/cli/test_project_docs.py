"""The page on projects: its project, commands and script do what they say, and its tables name what there is."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import runfolio
from runfolio.cli.main import app
from runfolio.client.tracker import close_all
from runfolio.core.projects.parameters import check
from runfolio.core.projects.records import Kind
from runfolio.core.projects.request import EnvManager
from runfolio.core.projects.spec import read_project
from runfolio.core.projects.tags import REPRODUCES
from runfolio.core.queue.records import JobState
from runfolio.core.states import RunStatus
from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.queue.reading import job_ids, jobs_of, queue_state
from runfolio.store.search import find_runs
from tests.cli.test_commands import commands, run

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "projects.md").read_text("utf-8")


def block(mark: str) -> str:
    """What stands in the block behind a comment."""
    (found,) = re.findall(rf"<!-- {re.escape(mark)} -->\n```\w+\n(.*?)```", PAGE, re.DOTALL)
    return str(found)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's project; the test is in its folder."""
    folder = tmp_path / "slope"
    folder.mkdir()
    for name in ("MLproject", "train.py"):
        (folder / name).write_text(block(f"file: {name}"), "utf-8")
    monkeypatch.setenv("RUNFOLIO_WORK", str(tmp_path / "work"))
    monkeypatch.chdir(folder)
    return folder


def runs_of(store: Path) -> list[Any]:
    """The runs of a store, the oldest first."""
    opened = open_store(store)
    try:
        return sorted(read_runs(opened, find_runs(opened)), key=lambda run: run.start_time)
    finally:
        opened.close()


def carry_out(script: str, store: Path) -> list[str]:
    """Run each line as a shell would; what they print, with what is told on standard error."""
    printed = []
    for line in script.splitlines():
        known = runs_of(store)[0].run_id[:8] if "$RUN" in line else ""
        program, *words = shlex.split(line.replace("$RUN", known), comments=True)
        assert program == "runfolio"
        done = run(*words, RUNFOLIO_STORE=str(store), COLUMNS="200")
        printed.append(done.stdout + done.stderr)
    return printed


def test_the_tour_leads_from_a_folder_to_runs(project: Path, store: Path) -> None:
    printed = carry_out(block("commands"), store)
    assert "Entry point: main; -e chooses another one: check." in printed[0] and "The slope is 2.965." in printed[0]
    assert "Python 3." in printed[2] and "job 1" in printed[3] and "waiting" in printed[4]
    assert "python train.py" in printed[5] or "runfolio run" in printed[5]
    found = runs_of(store)
    assert [one.status for one in found] == [RunStatus.FINISHED] * 4, "the job waits"
    assert [one.params.get("rate") for one in found] == ["0.1", "0.3", None, "0.4"] and found[1].name == "faster"
    assert found[3].tags[REPRODUCES] == found[0].run_id
    run("queue", "work", RUNFOLIO_STORE=str(store))
    assert runs_of(store)[-1].params["rate"] == "0.2" and runs_of(store)[-1].status == RunStatus.FINISHED


def test_the_commands_of_the_queue_do_what_they_say(project: Path, store: Path) -> None:
    open_store(store).close()
    printed = carry_out(block("commands: queue"), store)
    assert len(printed) == 10
    opened = open_store(store)
    try:
        assert (queue_state(opened).slots.jobs, queue_state(opened).slots.memory_gb) == (2, 16)
        jobs = jobs_of(opened, [int(one) for one in job_ids(opened, tuple(JobState))])
    finally:
        opened.close()
    assert sorted((number, job.state) for number, job in jobs.items()) == [(2, JobState.WAITING), (3, JobState.WAITING)]
    assert jobs[2].request["timeout"] == jobs[3].request["timeout"] == 600


def test_the_script_runs_steps(project: Path, store: Path) -> None:
    space: dict[str, Any] = {}
    runfolio.set_tracking_uri(store)
    try:
        exec(block("script"), space)
    finally:
        close_all()
    assert space["loss"] < 1e-6
    parent, step, trial = runs_of(store)
    assert (parent.name, step.parent_run_id, trial.parent_run_id) == ("all steps", parent.run_id, None)
    assert [one.status for one in (parent, step, trial)] == [RunStatus.FINISHED] * 3


def test_the_file_is_read_and_its_keys_are_those_there_are() -> None:
    read = read_project(block("file: MLproject"))
    main, _ = read.entry_points
    assert check(main, {}, resolve_path=lambda path: path).logged == {"rate": "0.1", "epochs": "20"}
    table = PAGE.partition("## The file")[2].partition("All that is wrong")[0]
    assert not {kind for kind in Kind if f"`{kind}`" not in table}
    (environment,) = re.findall(r"```yaml\n(python:.*?)```", PAGE, re.DOTALL)
    assert set(yaml.safe_load(environment)) == {"python", "build_dependencies", "dependencies"}


def test_the_managers_are_those_there_are() -> None:
    table = PAGE.partition("| `--env-manager` |")[2].partition("\n\n")[0]
    assert not {one for one in EnvManager if f"`{one}`" not in table}


def test_no_value_of_the_page_is_a_command(project: Path, store: Path) -> None:
    (given,) = re.findall(r"`-P '(msg=[^']*)'`", PAGE)
    (project / "MLproject").write_text(
        "entry_points: {main: {parameters: {msg: string}, command: 'echo {msg} \"{msg}\"'}}"
    )
    message = given.partition("=")[2]
    assert run("run", ".", "-P", given, RUNFOLIO_STORE=str(store)).stdout == f"{message} {message}\n"
    assert Path(sys.executable).exists() and "rm -rf" in message


def test_the_page_on_the_command_line_has_each_command() -> None:
    page = (DOCS / "cli.md").read_text("utf-8")
    for group in ("queue", "sweep"):
        (row,) = (line for line in page.splitlines() if line.startswith(f"| `runfolio {group} "))
        names = [words[1] for words in commands(app) if words[0] == group and len(words) == 2]
        assert len(names) > 2 and not {name for name in names if not re.search(rf"\b{name}\b", row)}
    assert "| `runfolio run " in page and "| `runfolio reproduce " in page
