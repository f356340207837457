"""The time as it is stored everywhere."""

from __future__ import annotations

from time import time_ns


def now_ms() -> int:
    """Epoch milliseconds."""
    return time_ns() // 1_000_000
