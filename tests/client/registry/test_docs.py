"""The page on the registry: its examples run, and its tables name every field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import runfolio
from runfolio.core.filter import MODEL_VERSIONS, REGISTERED_MODELS

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "registry.md").read_text("utf-8")


def test_the_examples_run(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    script, search, *_ = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    space: dict[str, Any] = {}
    exec(f"{script}found = {search}", space)
    (found,) = space["found"]
    assert (found.version, found.current_stage) == (space["version"].version, "Production")
    assert Path(space["path"], "weights.json").is_file()
    assert runfolio.Client().verify_registry().good


def test_the_page_names_every_field() -> None:
    names = {*MODEL_VERSIONS.attributes, *REGISTERED_MODELS.attributes}
    assert not {name for name in names if f"`{name}`" not in PAGE}
