"""What an environment is made of, whoever declared it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Changed when environments come to be made in another way, so that those in the cache are not taken for such.
FORM = "1"


@dataclass(frozen=True, slots=True)
class Recipe:
    """An environment as it was declared.

    Attributes:
        python: the version of Python, of two numbers or three.
        lines: what pip is to install.
        constraints: the contents of files that limit versions, by the names that lines have for them.
        conda: packages that only conda can install.
        conda_file: the environment as conda reads it; None if there is none.
        lock: the exact versions of everything, as a constraint; "" if none were recorded.
    """

    python: str
    lines: tuple[str, ...]
    constraints: Mapping[str, str]
    conda: tuple[str, ...] = ()
    conda_file: Path | None = None
    lock: str = ""

    @property
    def key(self) -> str:
        """Equal for environments that are made alike; 32 hexadecimal digits."""
        machine = (platform.system(), platform.machine(), platform.python_version())
        parts = (FORM, *machine, self.python, *self.lines, *self.constraints.values(), *self.conda, self.lock)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]

    @property
    def minor(self) -> str:
        """The version of Python without its last number."""
        return ".".join(self.python.split(".")[:2])
