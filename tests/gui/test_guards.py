"""Where a window cannot be, one clear sentence says so and what to install; Qt never aborts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem
from runfolio.gui import guards


def test_the_pair_that_crashes_is_refused() -> None:
    with pytest.raises(EnvironmentProblem, match=r"pip install 'PySide6-Essentials>=6.10,<6.12'"):
        guards.check_versions((3, 11), "6.12.0")
    guards.check_versions((3, 12), "6.12.0")
    guards.check_versions((3, 11), "6.11.3")
    guards.check_versions()


def test_no_display() -> None:
    with pytest.raises(EnvironmentProblem, match="no display"):
        guards.check_display({}, "linux")
    guards.check_display({"QT_QPA_PLATFORM": "offscreen"}, "linux")
    guards.check_display({}, "darwin")


@pytest.mark.parametrize("given", [{"DISPLAY": ":4711"}, {"WAYLAND_DISPLAY": "wayland-4711"}])
def test_a_display_that_does_not_answer(given: dict[str, str]) -> None:
    with pytest.raises(EnvironmentProblem, match="4711 does not answer"):
        guards.check_display(given, "linux")


def test_a_wayland_socket_counts(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "w"))
        guards.check_display({"WAYLAND_DISPLAY": "w", "XDG_RUNTIME_DIR": str(tmp_path)}, "linux")


def test_missing_libraries_are_named_by_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guards, "_loads", lambda library: library != "libxcb-cursor.so.0")
    with pytest.raises(EnvironmentProblem, match="apt-get install -y libxcb-cursor0"):
        guards.check_libraries({"DISPLAY": ":0"}, "linux")
    guards.check_libraries({"QT_QPA_PLATFORM": "offscreen"}, "linux")


@pytest.mark.parametrize("command", [[], ["demo"]])
def test_the_command_without_a_display(tmp_path: Path, command: list[str]) -> None:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [sys.executable, "-m", "runfolio", *command],
        env={**environment, "RUNFOLIO_STORE": str(tmp_path / "s")},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 5
    assert done.stderr.startswith("runfolio: There is no display") and "Traceback" not in done.stderr
    assert not (tmp_path / "s").exists()
