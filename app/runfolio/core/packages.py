"""Lists of installed packages with their exact versions, such as are captured with runs: written and read back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

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


def lock_text(python: str, found: Iterable[tuple[str, str, str]]) -> str:
    """A requirements file with one package a line, after the Python version.

    Args:
        python: its version, and what else is to stand there.
        found: names, versions, and the addresses packages came from if not from an index; of several of one name, the
            first counts, for it is the one on the path that is imported.
    """
    lines: dict[str, str] = {}
    for name, version, origin in found:
        lines.setdefault(normal_name(name), f"{name}=={version}{f'  # from {origin}' if origin else ''}")
    return "\n".join([f"# Python {python}", *(lines[name] for name in sorted(lines))]) + "\n"


def origin_of(direct_url: str | None) -> str:
    """The address that a package came from, with `@` and the commit of a repository, by its direct_url.json (PEP 610).

    Returns:
        "" for a package of an index, which has no such file, and for a file that says nothing.
    """
    try:
        given = json.loads(direct_url) if direct_url else {}
        address, commit = given.get("url"), given.get("vcs_info", {}).get("commit_id")
    except (ValueError, AttributeError):
        return ""
    return f"{address}{f'@{commit}' if commit else ''}" if isinstance(address, str) else ""


def normal_name(name: str) -> str:
    """A package's name as indexes compare it: `Ruamel_Yaml` is `ruamel-yaml`."""
    return re.sub(r"[-_.]+", "-", name).lower()


def name_given(found: Any) -> str:
    """The name that a distribution gives itself; "" of one that is half gone.

    Of such a one `importlib_metadata`, which takes the place of Python's own once anything has imported it, raises.
    """
    try:
        about = found.metadata
    except OSError:
        return ""
    return str(about["Name"] or "") if about else ""
