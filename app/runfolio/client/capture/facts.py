"""What is the same for all runs of a process, gathered once: tags, and files that the runs share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runfolio.client.capture.host import host_tags
from runfolio.client.capture.packages import package_lock
from runfolio.client.capture.program import entry_script, program_tags
from runfolio.client.capture.switches import is_captured
from runfolio.core.captured import PACKAGES, PATCH
from runfolio.core.git_state import git_state


@dataclass(frozen=True)
class Facts:
    """Tags by name, and files by the name they have in a run."""

    tags: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)


def _git() -> Facts:
    script = entry_script()
    state = git_state(script.parent if script and script.parent.is_dir() else Path.cwd())
    return Facts(state.tags, {PATCH: state.patch} if state.patch else {})


_PARTS: Mapping[str, Callable[[], Facts]] = {
    "git": _git,
    "program": lambda: Facts(program_tags()),
    "packages": lambda: Facts({}, {PACKAGES: package_lock().encode()}),
    "host": lambda: Facts(host_tags()),
}

_gathered: dict[str, Facts] = {}


def facts() -> list[Facts]:
    """The facts of every part that is switched on; a part that cannot be had is left out."""
    for part, gather in _PARTS.items():
        if part not in _gathered and is_captured(part):
            try:
                _gathered[part] = gather()
            except OSError:  # a folder that was removed, a system without the file that tells
                _gathered[part] = Facts()
    return [found for part, found in _gathered.items() if is_captured(part)]
