"""A cache of environments for each test."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def environments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all environments."""
    folder = tmp_path / "environments"
    monkeypatch.setenv("RUNFOLIO_ENVIRONMENTS", str(folder))
    return folder
