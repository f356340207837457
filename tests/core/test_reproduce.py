"""The commands that are given for running something again do so: they are run in a shell."""

from __future__ import annotations

import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

from runfolio.core import captured as names
from runfolio.core.reproduce import Recipe, recipe
from tests.core.test_patches import git


def run_it(made: Recipe, folder: Path) -> str:
    """Carry out the commands, but for those that would fetch packages."""
    lines = tuple(line for line in made.lines if not line.startswith(("pip ", "python -m venv")))
    text = replace(made, lines=lines).text
    done = subprocess.run(["bash", "-c", text], cwd=folder, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return done.stdout


def repository(folder: Path) -> tuple[Path, dict[str, str]]:
    """A script in a folder of a repository, its first version committed, and the tags of a run of it."""
    top = folder / "my project"
    inner = top / "src"
    inner.mkdir(parents=True)
    (inner / "train.py").write_text("import sys\nprint('first', *sys.argv[1:])\n")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "x")
    commit = git(top, "rev-parse", "HEAD").strip()
    tags = {names.FOLDER: str(inner), names.COMMIT: commit, names.DIRTY: "False"}
    return inner, tags | {names.COMMAND: shlex.join(["/usr/bin/python3.11", "train.py", "--name", "a b"])}


def test_the_code_of_the_commit_runs_whatever_is_there_now(tmp_path: Path) -> None:
    inner, tags = repository(tmp_path)
    (inner / "train.py").write_text("print('today')\n")
    made = recipe("0123456789abcdef", tags, lock_file="/store/my lock.txt")
    assert made.missing == ()
    assert "pip install -r '/store/my lock.txt'" in made.lines
    assert run_it(made, tmp_path).splitlines()[-1] == "first --name a b"
    assert not (inner.parent / "again-01234567").exists(), "beside the repository, not in it"


def test_a_second_time_nothing_happens_in_the_users_own_folder(tmp_path: Path) -> None:
    inner, tags = repository(tmp_path)
    made = recipe("0123456789abcdef", tags)
    run_it(made, tmp_path)
    (inner / "train.py").write_text("print('today')\n")
    done = subprocess.run(["bash", "-c", made.text], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode and "already exists" in done.stderr and done.stdout == ""


def test_what_was_not_committed_is_applied(tmp_path: Path) -> None:
    inner, tags = repository(tmp_path)
    (inner / "train.py").write_text("print('second')\n")
    patch = git(inner.parent, "diff", "HEAD", "--binary") + "\n# not in git: notes.txt\n"
    file = tmp_path / "changes.patch"
    file.write_text(patch)
    git(inner.parent, "checkout", "-q", ".")
    made = recipe("f" * 32, tags | {names.DIRTY: "True"}, patch, str(file), "lock")
    assert made.missing == ("Not in git, and so not kept: notes.txt",)
    assert run_it(made, tmp_path).splitlines()[-1] == "second"


def test_a_script_named_by_its_whole_path_is_taken_from_the_commit(tmp_path: Path) -> None:
    inner, tags = repository(tmp_path)
    script = str(inner / "train.py")
    (inner / "train.py").write_text("print('today')\n")
    tags |= {names.SCRIPT: script, names.COMMAND: shlex.join(["python", script])}
    assert run_it(recipe("a" * 32, tags), tmp_path).splitlines()[-1] == "first"
    elsewhere = recipe("b" * 32, tags | {names.FOLDER: str(tmp_path)})
    assert "train.py" in elsewhere.lines[-1]
    outside = recipe("c" * 32, tags | {names.FOLDER: "/home/me"})
    assert any("will run" in sentence for sentence in outside.missing)


def test_what_is_missing_is_said() -> None:
    assert recipe("a", {}) == Recipe((), ("The command line was not captured.",))
    bare = recipe("a" * 32, {names.COMMAND: "python x.py --token '***'", names.FOLDER: "/tmp/a b"})
    assert bare.lines == ("cd '/tmp/a b'", "python x.py --token '***'")
    assert bare.missing == (
        "The code was not in git: the files are taken as they are now.",
        "The packages were not captured.",
        "*** stands for a secret that was not kept.",
    )
    assert bare.text.startswith("# The code was not in git")
    lost = recipe("a" * 32, {names.COMMAND: "python x.py", names.COMMIT: "c" * 40, names.DIRTY: "True"})
    assert "There were uncommitted changes, which are not kept." in lost.missing
    patch = "diff --git a/x b/x\n# ... cut after 9 bytes\n"
    cut = recipe("a", {names.COMMAND: "x", names.COMMIT: "c"}, patch, "p", "l")
    assert not any(line.startswith("git apply") for line in cut.lines) and "left out" in cut.missing[0]
