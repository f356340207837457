"""The same drag in a real window under a real X server, whose mouse is moved and pressed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from runfolio.store import Store
from runfolio.store.registry.policies import set_policy
from tests.gui.registry.conftest import CHURN, STAGES
from tests.gui.registry.real_mouse import is_there, server

pytestmark = pytest.mark.skipif(not is_there(), reason="needs Xvfb and libXtst")


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A display of our own."""
    with server() as name:
        yield name


def dragged(store: Store, display: str, version: int, stage: str) -> dict[str, Any]:
    """Drag a card in a process with a window on that display."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    command = [sys.executable, "-m", "tests.gui.registry.drag_on_screen", str(store.path), str(version), stage]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_a_card_dragged_to_production_is_there(filled: Store, display: str) -> None:
    found = dragged(filled, display, 6, "Production")
    assert found["said"] == "Drop to promote v6 to Production\n→ v4 moves to Archived"
    after = {str(version): stage for version, stage in (STAGES | {6: "Production", 4: "Archived"}).items()}
    assert found["stored"] == found["shown"] == after


def test_what_a_gate_blocks_stays_where_it_was(filled: Store, display: str) -> None:
    set_policy(filled, CHURN, "gates: {Production: {checks: [description]}}")
    found = dragged(filled, display, 7, "Production")
    assert found["said"] == "v7 cannot move to Production\n✗ no description"
    assert found["told"] == "v7 cannot move to Production: no description."
    assert found["stored"] == found["shown"] == {str(version): stage for version, stage in STAGES.items()}
