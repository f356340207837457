"""Environments made of small packages on the disk."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem, NotBuilt, Stopped
from runfolio.core.packages import read_lock
from runfolio.environments import building, cache
from runfolio.environments.installed import LOCK, python_of
from runfolio.environments.pythons import minor_here
from runfolio.environments.recipe import Recipe
from tests.models.wheels import make_wheel


def made(recipe: Recipe, heard: list[str] | None = None, asked: str = "") -> Path:
    told: list[str] = [] if heard is None else heard
    builder = building.choose(recipe, told.append, lambda: False, hear=told.append, asked=asked)
    with cache.get(recipe.key, lambda target, lock: building.build(recipe, target, lock, builder)) as had:
        return had.folder


def recipe_of(*lines: str, **more: object) -> Recipe:
    return Recipe(minor_here(), lines, {}, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("manager", ["uv", pytest.param("venv", marks=pytest.mark.slow)])
def test_one_is_made_and_tells_what_it_has(wheels: Path, manager: str) -> None:
    make_wheel(wheels, "inner", "2.0", {"inner.py": "VALUE = 7"})
    make_wheel(wheels, "outer", "1.0", {"outer.py": "import inner"}, requires=["inner"])
    make_wheel(wheels, "builds", "0.1", {"builds.py": ""})
    heard: list[str] = []
    folder = made(recipe_of("outer", before=("builds",)), heard, manager)
    python = building.python_in(folder)
    said = subprocess.run([python, "-c", "import outer; print(outer.inner.VALUE)"], capture_output=True, text=True)
    assert said.stdout == "7\n", said.stderr
    lock = read_lock((folder / LOCK).read_text())
    assert lock.python == python_of(folder) == sys.version.split()[0]
    assert {"inner": "2.0", "outer": "1.0", "builds": "0.1"}.items() <= lock.packages.items()
    assert f"Making an environment with Python {minor_here()} ({manager})." in heard
    assert any("outer" in line and "1.0" in line for line in heard), heard


def test_lines_alone_are_installed_without_what_they_require(wheels: Path) -> None:
    make_wheel(wheels, "outer", "1.0", {"outer.py": ""}, requires=["not-to-be-had"])
    folder = made(recipe_of("outer==1.0", alone=True))
    assert set(read_lock((folder / LOCK).read_text()).packages) == {"outer"}


def test_a_package_that_does_not_build_is_named_with_the_last_words_and_nothing_is_left(wheels: Path) -> None:
    folder = wheels / "breaks-1.0"
    folder.mkdir()
    (folder / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: breaks\nVersion: 1.0\n")
    (folder / "pyproject.toml").write_text("[build-system]\nrequires = []\nbuild-backend = 'own'\nbackend-path = ['.']")
    (folder / "own.py").write_text("raise SystemExit('the compiler is not here')")
    subprocess.run(["tar", "czf", "breaks-1.0.tar.gz", "breaks-1.0"], cwd=wheels, check=True)
    with pytest.raises(NotBuilt, match=r"Packages could not be installed: breaks\.") as told:
        made(recipe_of("breaks"))
    assert "the compiler is not here" in told.value.hint
    assert not [path for path in cache.root().iterdir() if path.is_dir()]


def test_a_python_that_is_not_to_be_had_is_told_with_those_that_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    with pytest.raises(NotBuilt, match=r"with Python 3\.5 could be made\. Found here: .*3\.") as told:
        made(Recipe("3.5.1", (), {}))
    assert "3.5" in told.value.hint


def test_making_one_ends_when_nobody_waits_any_more(
    wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = threading.Event()
    script = tmp_path / "uv"
    script.write_text('#!/bin/sh\nmkdir -p "$5"; echo "Using CPython"; sleep 600\n')
    script.chmod(0o755)
    monkeypatch.setattr(building, "uv", lambda: str(script))

    def hear(line: str) -> None:
        assert line == "Using CPython"
        begun.set()

    recipe = recipe_of("anything")
    builder = building.choose(recipe, lambda _: None, begun.is_set, hear=hear)
    with (
        pytest.raises(Stopped),
        cache.get(recipe.key, lambda target, lock: building.build(recipe, target, lock, builder)),
    ):
        pass
    assert not [path for path in cache.root().iterdir() if path.is_dir()]


def test_what_is_asked_for_and_not_here_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(EnvironmentProblem, match="There is no conda here"):
        made(recipe_of("six"), asked="conda")
    monkeypatch.setattr(building, "uv", lambda: None)
    with pytest.raises(EnvironmentProblem, match="There is no uv here"):
        made(recipe_of("six"), asked="uv")
    with pytest.raises(EnvironmentProblem, match=r"Only uv can get Python 3\.5; venv makes"):
        made(Recipe("3.5", (), {}), asked="venv")


def test_what_would_lead_a_manager_elsewhere_is_not_handed_on(wheels: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_wheel(wheels, "six", "1.0", {"six.py": ""})
    for name in ("VIRTUAL_ENV", "PYTHONHOME", "PYTHONPATH", "UV_PYTHON"):
        monkeypatch.setenv(name, os.devnull)
    folder = made(recipe_of("six"))
    assert "six" in read_lock((folder / LOCK).read_text()).packages
