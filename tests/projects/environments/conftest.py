"""Projects with environments, and a place that packages come from, for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.wheels import make_wheel, only_source


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that packages come from; it has `inner`, and `outer` that requires it."""
    folder = only_source(tmp_path, monkeypatch)
    make_wheel(folder, "inner", "1.0", {"inner.py": "VALUE = 1"})
    make_wheel(folder, "inner", "2.0", {"inner.py": "VALUE = 2"})
    make_wheel(folder, "outer", "1.0", {"outer.py": "from inner import VALUE"}, requires=["inner"])
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The folder of a project."""
    folder = tmp_path / "digits"
    folder.mkdir()
    return folder
