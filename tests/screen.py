"""The screen that tests and benchmarks draw on: in memory, and of a usual size (by itself it has 800 x 800 pixels)."""

from __future__ import annotations

from pathlib import Path

PLATFORM = f"offscreen:configfile={Path(__file__).with_suffix('.json')}"
