"""A row is dragged in a real window under a real X server, whose mouse is moved and pressed."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from runfolio.store import Store
from tests.gui.registry.real_mouse import is_there, server

pytestmark = pytest.mark.skipif(not is_there(), reason="needs Xvfb and libXtst")


def test_a_job_that_is_dragged_up_waits_before_the_others(store: Store, jobs: dict[str, int]) -> None:
    with server() as display:
        environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        environment.pop("WAYLAND_DISPLAY", None)
        command = [sys.executable, "-m", "tests.gui.queue.drag_on_screen", str(store.path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == ["third", "first", "second"]
