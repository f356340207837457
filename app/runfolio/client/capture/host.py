"""The machine: its name, system, processor, memory and graphics cards."""

from __future__ import annotations

import os
import platform
import socket
from collections.abc import Mapping
from pathlib import Path

import psutil

from runfolio.client.capture.nvidia import cards
from runfolio.core.captured import GRAPHICS, HOST, MEMORY, PROCESSOR, SYSTEM


def host_tags() -> Mapping[str, str]:
    """The tags that say where it runs. Memory in GB (10^9 bytes)."""
    tags = {
        HOST: socket.gethostname(),
        SYSTEM: platform.platform(),
        PROCESSOR: f"{_processor()}, {os.cpu_count() or 1} cores",
        MEMORY: f"{psutil.virtual_memory().total / 1e9:.1f} GB",
    }
    found = cards()
    if found:
        tags[GRAPHICS] = ", ".join(card.name for card in found)
    return tags


def _processor() -> str:
    """The processor's name as the system spells it."""
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
