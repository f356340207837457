"""What is installed in an environment, with the exact versions: read from its folders, without starting its Python."""

from __future__ import annotations

import json
import platform
import re
import sys
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.core.packages import lock_text, name_given, origin_of

if TYPE_CHECKING:
    from importlib.metadata import Distribution

#: The file in the folder of an environment that has them.
LOCK = "runfolio-lock.txt"
#: What the line of a package of conda begins with.
CONDA_MARK = "# conda "
_VERSION = re.compile(r"^version(?:_info)?\s*=\s*([0-9.]*[0-9])", re.MULTILINE)
_PLACES = ("lib/python*/site-packages", "Lib/site-packages")


def lock_of(folder: Path) -> str:
    """The lock of an environment, as `core.packages.read_lock` reads it; packages of conda are in comments.

    Such a comment is `# conda CHANNEL::NAME=VERSION=BUILD`, which conda itself understands.
    """
    from importlib.metadata import distributions  # which brings half of the standard library

    places = [str(place) for pattern in _PLACES for place in sorted(folder.glob(pattern))]
    found = (one for one in distributions(path=places) if (one.read_text("INSTALLER") or "").strip() != "conda")
    return _lock(python_of(folder), found) + "".join(f"{CONDA_MARK}{one}\n" for one in _of_conda(folder))


def lock_here() -> str:
    """The lock of the Python that runs us; found out anew only when something was installed or removed."""
    places = ((place, Path(place)) for place in sys.path)
    return _lock_of_places(tuple((place, path.stat().st_mtime_ns) for place, path in places if path.is_dir()))


@lru_cache(4)
def _lock_of_places(places: tuple[tuple[str, int], ...]) -> str:
    """The lock of what is in folders, as they were when they were last written to."""
    from importlib.metadata import distributions

    return _lock(platform.python_version(), distributions(path=[place for place, _ in places]))


def python_of(folder: Path) -> str:
    """The version of an environment's Python; "" if its files do not tell."""
    try:
        found = _VERSION.search((folder / "pyvenv.cfg").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return next((one["version"] for one in _conda_packages(folder) if one["name"] == "python"), "")
    return found[1] if found else ""


def _lock(python: str, found: Iterable[Distribution]) -> str:
    named = ((name, one) for one in found if (name := name_given(one)))
    return lock_text(python, ((name, one.version, origin_of(one.read_text("direct_url.json"))) for name, one in named))


def _of_conda(folder: Path) -> list[str]:
    found = _conda_packages(folder)
    return [f"{_channel(one['channel'])}{one['name']}={one['version']}={one['build']}" for one in found]


def _channel(told: str) -> str:
    """The name of a channel before `::`, where its address, or nothing, is told: without the folder of a system."""
    parts = [part for part in told.partition("://")[2].split("/") if part] or [told]
    return f"{parts[-2] if len(parts) > 2 else parts[-1]}::" if told else ""


def _conda_packages(folder: Path) -> list[dict[str, str]]:
    """What conda has installed, by its own records (`conda-meta/NAME-VERSION-BUILD.json`)."""
    found = []
    for file in sorted(folder.glob("conda-meta/*.json")):
        try:
            told = json.loads(file.read_text(encoding="utf-8"))
            found.append({key: str(told[key]) for key in ("name", "version", "build")})
            found[-1]["channel"] = str(told.get("channel", ""))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found
