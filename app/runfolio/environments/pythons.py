"""Which versions of Python are at hand."""

from __future__ import annotations

import subprocess
import sys


def minor_here() -> str:
    """The version of the Python that runs us, such as `3.12`; "" in a program that has none to lend."""
    return "" if getattr(sys, "frozen", False) else f"{sys.version_info.major}.{sys.version_info.minor}"


def is_ours(minor: str) -> bool:
    """Whether environments of that version can be made with the Python that runs us."""
    return minor == minor_here()


def pythons_here(uv: str) -> list[str]:
    """The versions that uv finds on this machine, newest first; none where it is not uv that is asked."""
    command = [uv, "python", "list", "--only-installed"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = [line.split()[0].split("-") for line in done.stdout.splitlines() if line.strip()]
    return list(dict.fromkeys(parts[1] for parts in names if len(parts) > 1))
