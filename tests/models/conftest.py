"""Stores and models of the tests' own."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import runfolio
from runfolio.client.tracker import close_all


@pytest.fixture
def logging_to(tmp_path: Path) -> Iterator[Path]:
    """The folder of the store that is logged to."""
    folder = tmp_path / "store"
    runfolio.set_tracking_uri(folder)
    yield folder
    while runfolio.active_run() is not None:
        runfolio.end_run()
    close_all()


@pytest.fixture(autouse=True)
def paths_as_they_were() -> Iterator[None]:
    """Models with code of their own lead the search for modules; after the test they do so no more."""
    before, known = list(sys.path), set(sys.modules)
    yield
    sys.path[:] = before
    for name in set(sys.modules) - known:
        if name.startswith(("helper_of_", "loader_of_")):
            del sys.modules[name]


@pytest.fixture(autouse=True)
def requirements_of_libraries_alone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looking what a model imports takes seconds; tests that are about it ask for it by `imports_are_looked_for`."""
    if "imports_are_looked_for" not in request.fixturenames:
        monkeypatch.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")


@pytest.fixture
def imports_are_looked_for() -> None:
    """Models that are saved in the test are loaded in a process of their own, as by default."""
