"""What the tests of sources share: a folder to fetch into, a cache of their own, and nobody's settings."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the mirrors."""
    monkeypatch.setenv("RUNFOLIO_REPOSITORIES", str(tmp_path / "mirrors"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    return tmp_path / "mirrors"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A folder that is not there yet."""
    return tmp_path / "work"
