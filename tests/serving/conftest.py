"""Models in folders, and servers that several tests ask."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving.models import KINDS
from tests.serving.server import Server


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The models, by name; made once."""
    place = tmp_path_factory.mktemp("served")
    before = os.environ.get("RUNFOLIO_INFER_REQUIREMENTS")
    os.environ["RUNFOLIO_INFER_REQUIREMENTS"] = "0"
    try:
        return {name: make(place / name) for name, make in KINDS.items()}
    finally:
        os.environ.pop("RUNFOLIO_INFER_REQUIREMENTS")
        if before is not None:
            os.environ["RUNFOLIO_INFER_REQUIREMENTS"] = before


@pytest.fixture(scope="session")
def servers(folders: dict[str, Path]) -> Iterator[dict[str, Server]]:
    """Servers that are only asked, by the name of their model; each is started when it is first asked for."""
    started = _Started(folders)
    yield started
    for one in started.values():
        one.end()


class _Started(dict[str, Server]):
    def __init__(self, folders: dict[str, Path]) -> None:
        super().__init__()
        self._folders = folders

    def __missing__(self, name: str) -> Server:
        self[name] = Server(self._folders[name]).__enter__()
        return self[name]
