"""What is wrong with a project, with how it is asked for, or with its environment, as `runfolio run` tells it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from runfolio.store import open_store
from runfolio.store.bulk import read_runs
from runfolio.store.search import find_runs
from tests.cli.test_commands import run
from tests.models.wheels import make_wheel, only_source

PROJECT = """\
entry_points:
  main:
    parameters:
      data: path
      alpha: float
      steps: {type: int, default: 3, min: 1}
    command: "python train.py {data} {alpha} {steps}"
  evaluate:
    command: "true"
"""
Refused = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def refused(tmp_path: Path, store: Path) -> Refused:
    """Runs a project with the files that are given; what the command says, by which no run was made."""
    folder = tmp_path / "project"

    def told(*words: str, code: int = 2, uri: str = "", made: int = 0, **files: str) -> str:
        folder.mkdir(exist_ok=True)
        for name, text in {"MLproject": PROJECT, **files}.items():
            (folder / name).write_text(text, "utf-8")
        said = run("run", uri or str(folder), *words, code=code, RUNFOLIO_STORE=str(store)).stderr
        assert said.count("\n") < 40
        assert len(runs_of(store)) == made
        return said

    return told


def runs_of(store: Path) -> list[str]:
    """How the runs of a store have ended."""
    if not store.exists():
        return []
    opened = open_store(store)
    try:
        return [str(one.status) for one in read_runs(opened, find_runs(opened))]
    finally:
        opened.close()


def test_an_unknown_parameter_is_told_with_the_nearest_name(refused: Refused) -> None:
    said = refused("-P", "data=.", "-P", "alpha=1", "-P", "step=4")
    assert "There is no parameter 'step': did you mean 'steps'?" in said


def test_an_unknown_entry_point_is_told_with_the_nearest_name(refused: Refused) -> None:
    assert "no entry point 'evalate'" in (said := refused("-e", "evalate", code=3)) and "'evaluate'" in said
    assert "Did you mean 'train.py'?" in refused("-e", "tarin.py", code=3, **{"train.py": ""})
    assert "There are main, evaluate, train.py." in refused("-e", "zzz", code=3)


def test_all_missing_values_and_all_wrong_ones_are_told(refused: Refused, tmp_path: Path) -> None:
    said = refused()
    assert "data is missing, a value of type path" in said and "alpha is missing, a value of type float" in said
    said = refused("-P", "data=nowhere.csv", "-P", "alpha=much", "-P", "steps=0")
    assert "'much' is no number" in said and "nowhere.csv" in said and "steps" in said and "1" in said


@pytest.mark.parametrize("words", [["-P", "alpha"], ["-P", "=1"], ["-P", "alpha=1", "-P", "alpha=2"]])
def test_what_is_no_parameter(refused: Refused, words: list[str]) -> None:
    assert "-P name=value" in (said := refused(*words)) or "given twice" in said


def test_all_faults_of_the_file_are_told_with_their_lines(refused: Refused) -> None:
    wrong = PROJECT.replace("alpha: float", "alpha: {type: int, default: x}").replace('"true"', '"echo {gone}"')
    said = refused(MLproject=f"nmae: wine\n{wrong}")
    told = [line.split(":")[0] for line in said.splitlines() if line.startswith("  ")]
    assert told == ["  line 1", "  line 6", "  line 10"]
    assert "Did you mean 'name'?" in said and "'x' is no whole number" in said and "{gone}" in said


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("a: &a [*a]\n", "no key 'a'"),
        ("entry_points: &all\n  main: *all\n", "no key 'main'"),
        ("entry_points: {main: {command: &c [*c]}}\n", "a command"),
        ("name: x\n\ty: z\n", "not with tabs"),
        ("- a\n- b\n", "a project"),
        ("entry_points: {main: {command: 'true'}}\npython_env: a.yaml\nconda_env: b.yaml\n", "one environment"),
    ],
)
def test_a_file_that_is_no_project(refused: Refused, text: str, word: str) -> None:
    assert word in refused(MLproject=text)


def test_a_file_that_leads_to_itself_and_a_folder_of_its_name(refused: Refused, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "MLproject").symlink_to("MLproject")
    assert "Too many levels" in run("run", str(folder), code=3).stderr
    (folder / "MLproject").unlink()
    (folder / "MLproject").mkdir()
    assert "cannot be read" in run("run", str(folder), code=3).stderr


def test_a_folder_without_a_file_says_what_could_be_run(refused: Refused, tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    assert "Name a file to run" in run("run", str(folder), code=2).stderr
    for number in range(30):
        (folder / f"step{number:02}.py").touch()
    said = run("run", str(folder), code=2).stderr
    assert "Name one of step00.py, step01.py" in said and "and 18 more" in said


def test_an_address_that_leads_nowhere(refused: Refused, tmp_path: Path) -> None:
    refused("-e", "evaluate", code=0, made=1)
    said = run("run", str(tmp_path / "projct"), code=3).stderr
    assert said.endswith("Did you mean 'project'?\n")
    assert "There is no project" in run("run", f"file://{tmp_path}/none.git", "-v", "v1", code=3).stderr
    assert "is in no git repository" in run("run", str(tmp_path / "project"), "-v", "v1", code=2).stderr
    said = run("run", "git://127.0.0.1:1/none.git", code=5).stderr
    assert "git ls-remote git://127.0.0.1:1/none.git" in said and "\n  git's last lines:\n  fatal:" in said


def test_an_environment_that_cannot_be_made(
    refused: Refused, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names the package and says what the tool said last; so does the run, which has failed."""
    make_wheel(only_source(tmp_path, monkeypatch), "inner", "1.0", {"inner.py": ""})
    env = f"python: '{sys.version_info[0]}.{sys.version_info[1]}'\ndependencies: [inner, 'no-such-thing==3']\n"
    said = refused("-e", "evaluate", code=1, made=1, **{"python_env.yaml": env})
    assert "Packages could not be installed: no-such-thing" in said
    assert "Because no-such-thing was not found" in said.rpartition("failed.")[2]
    assert runs_of(store) == ["FAILED"]
    assert [file for file in (tmp_path / "environments").glob("*") if file.is_dir()] == []


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({"MLproject": f"python_env: gone.yaml\n{PROJECT}"}, "gone.yaml cannot be read"),
        ({"python_env.yaml": "dependencies: [-r a.txt]\n", "a.txt": "-r b.txt\n", "b.txt": "-r a.txt\n"}, "itself"),
        ({"python_env.yaml": "dependencies: [-r a.txt]\n", "a.txt": "-r none.txt\n"}, "none.txt"),
        ({"python_env.yaml": "python: [3]\n"}, "python"),
    ],
)
def test_files_of_an_environment_that_are_missing_wrong_or_lead_in_a_circle(
    refused: Refused, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], word: str
) -> None:
    only_source(tmp_path, monkeypatch)
    folder = tmp_path / "project"
    folder.mkdir()
    for name, text in {"MLproject": PROJECT, **files}.items():
        (folder / name).write_text(text)
    said = run("run", str(folder), "-e", "evaluate", code=1, RUNFOLIO_STORE=str(store)).stderr
    assert word in said.rpartition("failed.")[2]
    assert runs_of(store) == ["FAILED"]


def test_managers_that_cannot_make_it(refused: Refused, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert "There are auto, local, uv" in refused("-e", "evaluate", "--env-manager", "poetry")
    said = refused("-e", "evaluate", "--env-manager", "docker", code=1, made=1)
    assert "names no image" in said and "docker_env" in said
    only_source(tmp_path, monkeypatch)
    python = Path(sys.executable).parent
    monkeypatch.setenv("PATH", os.pathsep.join([str(python), "/usr/bin", "/bin"]))
    conda = "dependencies: [python=3.11, r-base]\n"
    said = refused("-e", "evaluate", code=1, made=2, **{"conda.yaml": conda})
    assert "r-base" in said and "micromamba" in said


def test_another_machine_is_not_asked_to_run_it(refused: Refused) -> None:
    assert "not by 'databricks'" in refused("-b", "databricks")
