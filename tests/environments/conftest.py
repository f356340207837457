"""A cache of environments, and a place that packages come from, for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.models.wheels import only_source


@pytest.fixture(autouse=True)
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only place that packages come from."""
    return only_source(tmp_path, monkeypatch)
