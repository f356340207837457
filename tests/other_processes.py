"""What tests do about other processes: wait for what they bring about, and ask whether they live."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import psutil

#: Seconds that something is waited for before a test fails.
PATIENCE = 60.0
T = TypeVar("T")


def until(found: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What a function finds, asked again until it finds something: nobody tells this process when that is."""
    pause, last = threading.Event(), time.monotonic() + seconds
    while not (value := found()):
        assert time.monotonic() < last, "it did not come about"
        pause.wait(0.02)
    return value


def lives(process: int) -> bool:
    """Whether a process is at work; one that is only waited for by nobody is not."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
