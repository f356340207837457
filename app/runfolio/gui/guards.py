"""What must be right before Qt starts, for Qt itself would abort: versions, a display, the system's libraries."""

from __future__ import annotations

import ctypes
import importlib.metadata
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem

# Debian's package for each library that Qt's xcb platform loads at run time and a bare system may lack.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
XCB_LIBRARIES = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
}
ELSEWHERE = (
    "Use `runfolio demo --no-window` or `runfolio runs list` here, or set DISPLAY (over ssh: connect with `ssh -X`)."
)


def check_versions(python: tuple[int, ...] = sys.version_info[:2], qt: str | None = None) -> None:
    """Refuse the pair that corrupts reference counts: PySide6 6.12 and newer on Python 3.11 and older."""
    version = qt or importlib.metadata.version("PySide6-Essentials")
    numbers = tuple(int(part) for part in version.split(".")[:2])
    if python < (3, 12) and numbers >= (6, 12):
        raise EnvironmentProblem(
            f"PySide6 {version} crashes on Python {python[0]}.{python[1]}.",
            "Install one that works: pip install 'PySide6-Essentials>=6.10,<6.12'",
        )


def check_display(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """Refuse to start a window where there is no screen, or none that answers."""
    chosen = environment.get("QT_QPA_PLATFORM", "")
    if not platform.startswith("linux") or (chosen and not chosen.startswith(("xcb", "wayland"))):
        return
    names = [name for name in ("DISPLAY", "WAYLAND_DISPLAY") if environment.get(name)]
    if not names:
        raise EnvironmentProblem("There is no display to open a window on.", ELSEWHERE)
    if not (_x_answers(environment.get("DISPLAY", "")) or _wayland_is_there(environment)):
        given = " and ".join(f"{name}={environment[name]}" for name in names)
        raise EnvironmentProblem(f"The display of {given} does not answer.", ELSEWHERE)


def check_libraries(environment: Mapping[str, str] = os.environ, platform: str = sys.platform) -> None:
    """Name the packages of the system's libraries that Qt needs and that cannot be loaded."""
    if not platform.startswith("linux"):
        return
    offscreen = environment.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal"))
    needed = LIBRARIES if offscreen or environment.get("WAYLAND_DISPLAY") else LIBRARIES | XCB_LIBRARIES
    missing = [package for library, package in needed.items() if not _loads(library)]
    if missing:
        raise EnvironmentProblem(
            "Qt needs libraries of the system that are not installed.",
            f"Install them with: sudo apt-get install -y {' '.join(missing)}",
        )


def check_all() -> None:
    """All of these, in the order in which they would hurt. Raises EnvironmentProblem."""
    check_versions()
    check_display()
    check_libraries()


def _x_answers(display: str) -> bool:
    """Whether an X server takes a connection; Qt would abort if it does not."""
    if not display:
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # what is missing is told by `check_libraries`
    xcb.xcb_connect.restype = ctypes.c_void_p
    for function in (xcb.xcb_connection_has_error, xcb.xcb_disconnect):
        function.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(display.encode(), None)
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers


def _wayland_is_there(environment: Mapping[str, str]) -> bool:
    """Whether the compositor's socket exists; its name is relative to a folder of the session."""
    name = environment.get("WAYLAND_DISPLAY", "")
    return bool(name) and Path(environment.get("XDG_RUNTIME_DIR", ""), name).is_socket()


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
