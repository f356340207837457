"""What an environment is made of, whoever declared it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

#: Changed when environments come to be made in another way, so that those in the cache are not taken for such.
FORM = 2


@dataclass(frozen=True, slots=True)
class Recipe:
    """An environment as it was declared.

    Attributes:
        python: the version of Python, of two numbers or three; the third is not insisted on.
        lines: what pip is to install.
        constraints: the contents of files that limit versions, by the names that lines have for them.
        conda: packages that only conda can install.
        conda_file: the environment as conda reads it; None if there is none.
        lock: the exact versions of everything, as a constraint; "" if none were recorded.
        before: what pip is to install first, such as a certain setuptools.
        sources: what is installed from this disk, by texts that change with it.
        alone: whether the lines are all there is to install, and what they require in turn is not looked at.
    """

    python: str
    lines: tuple[str, ...]
    constraints: Mapping[str, str]
    conda: tuple[str, ...] = ()
    conda_file: Path | None = None
    lock: str = ""
    before: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    alone: bool = False

    @property
    def key(self) -> str:
        """Equal for environments that are made alike, by whatever; 32 hexadecimal digits."""
        packages = (self.before, self.lines, sorted(self.constraints.items()), self.conda, self.lock, self.sources)
        return key_of(self.minor, self.alone, packages)

    @property
    def minor(self) -> str:
        """The version of Python without its last number."""
        return ".".join(self.python.split(".")[:2])


def key_of(*parts: object) -> str:
    """A key of what is made on this machine of parts that JSON can hold."""
    machine = (FORM, platform.system(), platform.machine(), platform.python_version())
    return hashlib.sha256(json.dumps((machine, parts)).encode()).hexdigest()[:32]
