"""What a model may take of the machine, in a process of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# The share of the machine's memory that a model has, unless told otherwise.
MEMORY_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Limits:
    """What a model may take.

    Attributes:
        seconds: how long it may take to load, and to answer each question.
        memory: bytes of all its processes together; three quarters of the machine's if 0.
        written: the most bytes of a file that it writes.
        network: whether it may reach the network; where it may not, it can open no socket at all.
    """

    seconds: float = 120.0
    memory: int = 0
    written: int = 4 << 30
    network: bool = False

    @property
    def bytes(self) -> int:
        """The memory."""
        if self.memory:
            return self.memory
        import psutil

        return int(psutil.virtual_memory().total * MEMORY_SHARE)

    def to_dict(self) -> dict[str, Any]:
        """As the process is told."""
        return {"seconds": self.seconds, "memory": self.bytes, "written": self.written, "network": self.network}
