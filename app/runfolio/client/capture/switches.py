"""Which parts are captured: all, but those switched off by `configure_capture`, in the environment or the settings."""

from __future__ import annotations

from functools import cache
from typing import Any

from runfolio.core.environment import is_on, value_of
from runfolio.core.errors import InvalidValue

#: What is the same for all runs of a process.
FACTS = ("git", "program", "packages", "host")
PARTS = (*FACTS, "console", "system_metrics", "failure")

_chosen: dict[str, bool] = {}


def configure_capture(**parts: bool) -> None:
    """Switch parts on or off for the runs started from now on: `configure_capture(git=False)`.

    The parts are `git`, `program`, `packages`, `host`, `console`, `system_metrics` and `failure`. What is said here
    goes before the environment.

    Raises:
        InvalidValue: there is no such part.
    """
    unknown = sorted(parts.keys() - set(PARTS))
    if unknown:
        raise InvalidValue(f"There is no {unknown[0]!r} to capture.", f"The parts are {', '.join(PARTS)}.")
    _chosen.update(parts)


def is_captured(part: str) -> bool:
    """Whether a part is switched on."""
    if part in _chosen:
        return _chosen[part]
    if part == "system_metrics" and value_of("SYSTEM_METRICS"):
        return is_on("SYSTEM_METRICS")
    return is_on("CAPTURE") and is_on(f"CAPTURE_{part.upper()}", _is_preferred(part))


def _is_preferred(part: str) -> bool:
    """What the user has chosen for all scripts."""
    return bool(_preferences()[f"capture_{part}"])


@cache
def _preferences() -> dict[str, Any]:
    from runfolio.core import settings

    return settings.load()
