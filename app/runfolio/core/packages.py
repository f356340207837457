"""The list of installed packages that is captured with a run, read back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

PYTHON_LINE = re.compile(r"# Python (\S+)")
PACKAGE_LINE = re.compile(r"([A-Za-z0-9][\w.-]*)==(\S+)(?:\s+# from (.+))?")


@dataclass(frozen=True, slots=True)
class Lock:
    """The version of Python, and of each package, by name; where a package came from stands behind its version."""

    python: str = ""
    packages: dict[str, str] = field(default_factory=dict)


def read_lock(text: str) -> Lock:
    """What a requirements file of ours says; other lines are passed over."""
    python, packages = "", {}
    for line in text.splitlines():
        if found := PACKAGE_LINE.match(line):
            name, version, origin = found.groups()
            packages[name] = f"{version} from {origin.strip()}" if origin else version
        elif not python and (found := PYTHON_LINE.match(line)):
            python = found[1]
    return Lock(python, packages)


def normal_name(name: str) -> str:
    """A package's name as indexes compare it: `Ruamel_Yaml` is `ruamel-yaml`."""
    return re.sub(r"[-_.]+", "-", name).lower()
