"""Running again what a run was: real scripts in real repositories, run once, and then once more from their runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio import MlflowClient
from runfolio.client.tracker import tracker
from runfolio.core.entities import Run
from runfolio.core.errors import InvalidValue, Stopped
from runfolio.core.projects.request import EnvManager, RunRequest
from runfolio.core.projects.tags import ENTRY_POINT, PROJECT_TYPE, REPRODUCES, REQUEST, SOURCE_TYPE
from runfolio.core.system_tags import SYSTEM_TAGS
from runfolio.projects.reproducing import Plan, checkout, lock_in, plan
from runfolio.projects.reproducing.arguments import with_python, with_values
from runfolio.projects.sources import fetch
from runfolio.store import Store
from runfolio.store.bulk import read_runs
from runfolio.store.recover import recover
from runfolio.store.search import find_runs
from tests.projects.sources.repositories import GIT, commit, git, served

pytestmark = pytest.mark.skipif(not GIT, reason="git is not installed")
TRAIN = """
import argparse, pathlib, runfolio
from helper import factor
parser = argparse.ArgumentParser()
parser.add_argument("--lr", default="0.1")
parser.add_argument("--data", default="data/train.csv")
parser.add_argument("--password", default="")
given = parser.parse_args()
with runfolio.start_run():
    runfolio.log_params(vars(given))
    if pathlib.Path(given.data).exists():
        runfolio.log_input(runfolio.data.from_csv(given.data), context="train")
    runfolio.log_metric("loss", float(given.lr) * factor)
print(float(given.lr) * factor)
"""


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_REPOSITORIES", str(tmp_path / "mirrors"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("RUNFOLIO_STORE", str(tmp_path / "store"))


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A repository with a script in a folder of it, whose data git ignores."""
    folder = tmp_path / "code"
    commit(folder, sub__train_py=TRAIN, sub__helper_py="factor = 1\n", MLproject="name: x\n")
    (folder / ".gitignore").write_text("data\n__pycache__\n")
    (folder / "sub" / "data").mkdir()
    (folder / "sub" / "data" / "train.csv").write_text("a,b\n1,2\n")
    commit(folder)
    return folder


def python(folder: Path, *words: str) -> str:
    """Run Python as a user does; what it prints."""
    variables = {**os.environ, "RUNFOLIO_CAPTURE": "1"}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def last(store: Store) -> Run:
    """The newest run."""
    recover(store)
    return max(read_runs(store, find_runs(store)), key=lambda run: run.id)


def texts(found: Plan) -> str:
    return "\n".join(problem.text for problem in found.problems)


def again(found: Plan, work: Path) -> str:
    """Run a plan of a script as whoever launches it would; what it prints."""
    source = checkout(found, work)
    words = [sys.executable if word == "python" else word for word in found.words]
    environment = {**os.environ, "RUNFOLIO_CAPTURE": "1"}
    done = subprocess.run(words, cwd=source.folder, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_script_is_run_again_as_it_was(code: Path, tmp_path: Path, store: Store) -> None:
    first = python(code / "sub", "train.py", "--lr", "0.5")
    clean = last(store)
    commit(code, sub__helper_py="factor = 1000\n")
    found = plan(store, clean)
    assert found.is_possible and found.words == ("python", "train.py", "--lr", "0.5") and not found.is_project
    assert not found.problems, texts(found)
    assert "# Python 3" in found.lock and "numpy==" in found.lock
    assert found.request.experiment == "Default" and found.request.run_name == f"{clean.name} again"
    assert found.tags[REPRODUCES] == clean.run_id and found.tags["mlflow.source.git.commit"] == found.code.commit
    assert again(found, tmp_path / "work") == first == "0.5"
    done = last(store)
    assert done.id != clean.id and done.metrics["loss"].last == clean.metrics["loss"].last
    assert done.tags["mlflow.source.git.commit"] == clean.tags["mlflow.source.git.commit"]
    assert git(code, "status", "--porcelain") == ""


def test_what_was_not_committed_comes_back(code: Path, tmp_path: Path, store: Store) -> None:
    (code / "sub" / "helper.py").write_text("factor = 7\n")
    (code / "notes.txt").write_text("x")
    first = python(code / "sub", "train.py")
    git(code, "checkout", "-q", "--", ".")
    found = plan(store, last(store), {"lr": "1"})
    assert [problem.text for problem in found.problems if problem.fatal] == [
        "Its command takes no 'lr': the script would not see the value."
    ]
    with pytest.raises(InvalidValue, match="cannot be run again") as caught:
        checkout(found, tmp_path / "work")
    assert "takes no 'lr'" in caught.value.hint and not (tmp_path / "work").exists()
    found = plan(store, last(store))
    assert texts(found) == "1 file not in git, and so not kept: notes.txt" and found.is_possible
    assert again(found, tmp_path / "work") == first == "0.7000000000000001"
    assert (tmp_path / "work" / f"again-{found.run_id[:8]}" / "sub" / "data" / "train.csv").read_text() == "a,b\n1,2\n"


def test_a_param_gets_another_value(code: Path, tmp_path: Path, store: Store) -> None:
    python(code, "sub/train.py", "--lr=0.5", "--password", "hunter2")
    found = plan(store, last(store), {"lr": "2"}, env_manager=EnvManager.LOCAL)
    assert found.words == ("python", "sub/train.py", "--lr=2", "--password", "***")
    assert found.changed == {"lr": "2"} and found.request.env_manager is EnvManager.LOCAL
    assert not found.is_possible and "*** in its command stands for a secret" in found.problems[0].text
    found = plan(store, last(store), {"lr": "2", "password": "x"})
    assert found.is_possible
    assert again(found, tmp_path / "work") == "2.0"


def test_a_script_named_by_its_whole_path_is_that_of_the_commit(code: Path, tmp_path: Path, store: Store) -> None:
    python(code / "sub", str(code / "sub" / "train.py"), f"--data={code / 'MLproject'}x")
    assert plan(store, last(store)).words[:2] == ("python", "train.py")
    python(code, str(code / "sub" / "train.py"), "--data", str(code / "sub" / "helper.py"))
    assert plan(store, last(store)).words == ("python", "sub/train.py", "--data", "sub/helper.py")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    python(elsewhere, "../code/sub/train.py")
    found = plan(store, last(store))
    assert found.words == ("python", "train.py") and found.code.folder == "sub"
    assert "outside of its repository" in texts(found)


def test_the_package_that_is_the_code_itself_is_that_of_the_checkout(code: Path, tmp_path: Path, store: Store) -> None:
    python(code / "sub", "train.py")
    run = last(store)
    lock = tmp_path / "store" / "artifacts" / run.run_id / "runfolio" / "requirements.txt"
    lock.write_text(
        f"# Python 3.11.7\nmine==1.0  # from {code.as_uri()}\nother==1.0  # from {code.as_uri()}2\nnumpy==2.0\n"
    )
    found = plan(store, run)
    assert texts(found).startswith("Installed from folders") and texts(found).endswith(": other")
    source = checkout(found, tmp_path / "work")
    assert f"mine==1.0  # from {source.root.as_uri()}\nother==1.0  # from {code.as_uri()}2\n" in lock_in(found, source)


def test_what_is_lost_is_told_before_anything_starts(code: Path, tmp_path: Path, store: Store) -> None:
    (code / "sub" / "helper.py").write_text("factor = 7\n")
    python(code / "sub", "train.py", "--lr", "1")
    run = last(store)
    kept = tmp_path / "store" / "artifacts" / run.run_id / "runfolio"
    patch = kept / "changes.patch"
    whole = patch.read_bytes()

    patch.write_bytes(whole + b"\n# ... cut after 4,194,304 bytes\n")
    found = plan(store, run)
    assert "too long to be kept whole" in texts(found) and not found.code.patch and found.is_possible
    patch.write_bytes(whole.replace(b"-factor = 1\n", b"-factor = 9\n"))
    with pytest.raises(InvalidValue, match=r"does not fit to the commit .*: sub/helper\.py\."):
        checkout(plan(store, run), tmp_path / "work")
    assert not list((tmp_path / "work").iterdir())
    patch.unlink()
    assert "There were uncommitted changes, which are not kept." in texts(plan(store, run))
    (kept / "requirements.txt").unlink()
    assert "Its packages were not captured" in texts(plan(store, run))

    (code / "sub" / "data" / "train.csv").write_text("a,b\n1,3\n")
    told = texts(plan(store, run))
    assert "The dataset 'train.csv' in" in told and "is another one: its digest is" in told
    (code / "sub" / "data" / "train.csv").unlink()
    told = texts(plan(store, run))
    assert "The dataset 'train.csv' in" in told and "is gone." in told

    git(code, "checkout", "-q", "--orphan", "new")
    git(code, "branch", "-D", "main")
    git(code, "commit", "-q", "-m", "x")
    git(code, "reflog", "expire", "--expire=now", "--all")
    git(code, "gc", "-q", "--prune=now")
    found = plan(store, run)
    assert not found.is_possible and "does not have it." in found.problems[0].text
    shutil.rmtree(code)
    assert f"The folder {code / 'sub'} is gone." in plan(store, run).problems[0].text


def test_data_of_a_table_in_memory_are_told_if_their_file_was_written_to_since(
    code: Path, tmp_path: Path, store: Store
) -> None:
    (code / "sub" / "mem.py").write_text(
        "import pandas, runfolio\nwith runfolio.start_run():\n"
        "    runfolio.log_input(runfolio.data.from_pandas(pandas.DataFrame({'a': [1]}), 'data/train.csv', name='d'))\n"
    )
    commit(code)
    python(code / "sub", "mem.py")
    run = last(store)
    assert "dataset" not in texts(plan(store, run))
    os.utime(code / "sub" / "data" / "train.csv", (4e9, 4e9))
    assert "The dataset 'd' (" in texts(plan(store, run)) and "was written to after the run" in texts(plan(store, run))


def test_without_git_the_files_are_taken_as_they_are(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "plain" / "sub"
    folder.mkdir(parents=True)
    (folder / "train.py").write_text(TRAIN)
    (folder / "helper.py").write_text("factor = 2\n")
    python(folder, "train.py", "--lr", "1")
    found = plan(store, last(store))
    assert texts(found) == "Its code was not in git: the files are taken as they are now." and found.is_possible
    assert checkout(found, tmp_path / "work").folder == folder
    shutil.rmtree(folder)
    found = plan(store, last(store))
    assert not found.is_possible and found.problems[0].text == f"Its code was not in git, and {folder} is gone."


def test_a_repository_that_is_gone_is_fetched_from_where_it_came(code: Path, tmp_path: Path, store: Store) -> None:
    there = tmp_path / "there"
    there.mkdir()
    git(tmp_path, "clone", "-q", "--bare", str(code), str(there / "code"))
    with served(there) as server:
        git(code, "remote", "add", "origin", f"{server}/code")
        first = python(code / "sub", str(code / "sub" / "train.py"), "--lr", "3")
        moved = tmp_path / "moved"
        code.rename(moved)
        told: list[str] = []
        found = plan(store, last(store), tell=told.append)
        assert f"Cloning {server}/code." in told
        assert found.code.folder == "sub" and found.words == ("python", "train.py", "--lr", "3")
        assert again(found, tmp_path / "work") == first
        shutil.rmtree(tmp_path / "mirrors")
        with pytest.raises(Stopped):
            plan(store, last(store), stopped=lambda: True)


def test_a_notebook_and_other_trackers_have_no_command(tmp_path: Path, store: Store, code: Path) -> None:
    client = MlflowClient(str(tmp_path / "store"))
    client.create_run(client.create_experiment("e"), tags={"mlflow.source.type": "NOTEBOOK"})
    recover(store)
    found = plan(store, last(store))
    assert not found.is_possible and "made in a notebook" in found.problems[0].text


# Projects


def project_run(folder: Path, tags: Mapping[str, str], params: Mapping[str, str] | None = None) -> None:
    """A run such as a launch of a project makes it."""
    client = MlflowClient(str(folder))
    run = client.create_run(client.create_experiment("projects"), tags={SOURCE_TYPE: PROJECT_TYPE, **tags})
    for name, value in (params or {}).items():
        client.log_param(run.info.run_id, name, value)
    client.set_terminated(run.info.run_id)
    tracker(folder).flush()


MLPROJECT = "name: x\nentry_points:\n  main:\n    parameters: {lr: float}\n    command: python train.py --lr {lr}\n"


def test_a_project_is_asked_the_same_again(code: Path, tmp_path: Path, store: Store) -> None:
    first = commit(code, sub__MLproject=MLPROJECT)
    source = fetch(f"{code}#sub", work=tmp_path / "work")
    request = RunRequest(f"{code}#sub", parameters={"lr": "0.5"}, retries=3, parent="x", tags={"team": "a"})
    project_run(
        tmp_path / "store",
        {ENTRY_POINT: "main", REQUEST: json.dumps(request.written()), "mlflow.source.git.commit": source.commit},
        {"lr": "0.5"},
    )
    commit(code, sub__train_py="changed")
    found = plan(store, last(store), {"lr": "0.7"})
    assert found.is_project and found.is_possible and found.code.commit == first and found.code.folder == "sub"
    assert found.request.parameters == {"lr": "0.7"} and found.changed == {"lr": "0.7"}
    assert (found.request.retries, found.request.parent, found.request.tags) == (0, "", {"team": "a"})
    assert found.request.version == first
    source = checkout(found, tmp_path / "work")
    assert source.temporary and source.folder == source.root / "sub" and source.commit == first
    assert (source.folder / "train.py").read_text() == TRAIN


def test_a_run_of_mlflows_is_asked_what_its_entry_point_declares(code: Path, tmp_path: Path, store: Store) -> None:
    commit(code, sub__MLproject=MLPROJECT)
    with served(tmp_path) as server:
        tags = {
            ENTRY_POINT: "main",
            next(tag for tag in SYSTEM_TAGS if tag.endswith("source.name")): f"{server}/code#sub",
            "mlflow.source.git.commit": git(code, "rev-parse", "HEAD"),
            "mlflow.source.git.repoURL": f"{server}/code",
        }
        project_run(tmp_path / "store", tags, {"lr": "0.5", "logged_by_script": "1"})
        found = plan(store, last(store))
    assert found.request.parameters == {"lr": "0.5"} and found.request.entry_point == "main"
    assert "left to the script: logged_by_script" in texts(found) and found.code.folder == "sub"
    assert (checkout(found, tmp_path / "work").folder / "MLproject").read_text() == MLPROJECT


def test_a_project_whose_server_cannot_be_reached_is_told(tmp_path: Path, store: Store) -> None:
    tags = {ENTRY_POINT: "main", REQUEST: json.dumps(RunRequest("git://127.0.0.1:9/code").written())}
    project_run(tmp_path / "store", {**tags, "mlflow.source.git.commit": "1" * 40})
    found = plan(store, last(store))
    assert (
        not found.is_possible
        and "The commit 1111111111 cannot be had. git://127.0.0.1:9/code cannot be fetched" in (found.problems[0].text)
    )


# Commands

WORDS = st.lists(
    st.sampled_from(["--lr", "--lr=1", "-x", "0.1", "-0.1", "--", "a b", "lr=2", "--l-r", "--flag", "é"]), max_size=8
)


@given(WORDS, st.text(max_size=5))
def test_a_value_changes_no_word_but_its_own(words: list[str], value: str) -> None:
    before = ["python", "train.py", *words]
    after, missing = with_values(before, {"lr": value})
    differing = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(differing) <= 1 and all(new in (value, f"--lr={value}", f"lr={value}") for _, new in differing)
    assert after == before or not missing


@pytest.mark.parametrize(
    ("words", "values", "after"),
    [
        ("p t --learning-rate 1", {"learning_rate": "2"}, "p t --learning-rate 2"),
        ("p t --lr -1", {"lr": "-2"}, "p t --lr -2"),
        ("p t --lr 1 --lr 3", {"lr": "2"}, "p t --lr 1 --lr 2"),
        ("p t model.lr=1", {"model.lr": "2"}, "p t model.lr=2"),
        ("p t --flag --lr 1", {"flag": "2"}, None),
        ("p t -- --lr 1", {"lr": "2"}, None),
        ("p t --lr", {"lr": "2"}, None),
    ],
)
def test_options_that_bear_the_name_of_a_param(words: str, values: dict[str, str], after: str | None) -> None:
    found, missing = with_values(words.split(), values)
    assert (" ".join(found) if not missing else None) == after


def test_programs_are_those_of_the_environment() -> None:
    assert with_python(["/old/bin/python3.11", "-m", "x"]) == ["python", "-m", "x"]
    assert with_python(["/old/bin/python3", "/old/bin/torchrun", "train.py"]) == ["torchrun", "train.py"]
    assert with_python(["bash", "x"]) == ["bash", "x"] and with_python([]) == []
