"""A mouse of an X server: moved and pressed through XTest, so that events take the way that a user's do."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

LIBRARIES = "libX11.so.6", "libXtst.so.6"
BUTTON, NOW, ANY_SCREEN = 1, 0, -1


def is_there() -> bool:
    """Whether a virtual X server and the library that moves its mouse are installed."""
    if shutil.which("Xvfb") is None:
        return False
    try:
        for library in LIBRARIES:
            ctypes.CDLL(library)
    except OSError:
        return False
    return True


@contextmanager
def server(size: str = "1920x1200x24") -> Iterator[str]:
    """A screen in memory, with an X server; gives the display's name."""
    reads, writes = os.pipe()
    command = ["Xvfb", "-displayfd", str(writes), "-screen", "0", size, "-nolisten", "tcp"]
    running = subprocess.Popen(command, pass_fds=[writes], stderr=subprocess.DEVNULL)
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield f":{int(told.readline())}"
    finally:
        running.terminate()
        running.wait()


class RealMouse:
    """The mouse of the display that the environment names."""

    def __init__(self) -> None:
        self._x11, self._test = map(ctypes.CDLL, LIBRARIES)
        self._x11.XOpenDisplay.restype = ctypes.c_void_p
        self._display = ctypes.c_void_p(self._x11.XOpenDisplay(None))
        if not self._display:
            raise RuntimeError("The display does not answer.")

    def move(self, x: int, y: int) -> None:
        """Go to a place of the screen, in pixels."""
        self._test.XTestFakeMotionEvent(self._display, ANY_SCREEN, x, y, ctypes.c_ulong(NOW))
        self._x11.XFlush(self._display)

    def press(self, down: bool) -> None:
        """Press the left button, or release it."""
        self._test.XTestFakeButtonEvent(self._display, BUTTON, int(down), ctypes.c_ulong(NOW))
        self._x11.XFlush(self._display)

    def close(self) -> None:
        """Let go of the display."""
        self._x11.XCloseDisplay(self._display)
