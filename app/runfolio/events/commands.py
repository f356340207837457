"""Running a command of this machine: within a time, without a shell, and without what is secret in our environment."""

from __future__ import annotations

import os
from pathlib import Path

from runfolio.core.registry.events import CommandEvent
from runfolio.environments.processes import run
from runfolio.events.answer import Answer
from runfolio.events.message import Message

#: Seconds that a command may take.
LIMIT = 60.0
#: So much of what it prints is kept, in characters.
SHOWN = 500
# What programs need of the environment to find files, a screen and a language; names, and beginnings of names.
_NEEDED = frozenset(
    (
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "TEMP", "TMP"),
        *("DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS"),
        *("SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "USERNAME"),
    )
)
_BEGINNINGS = ("LC_", "XDG_")


def run_command(event: CommandEvent, message: Message, limit: float = LIMIT) -> Answer:
    """Run a command with its placeholders filled in; it reads the message from its standard input."""
    command = event.filled(message.values)
    try:
        ended = run(command, timeout=limit, given=message.body, folder=_folder(), environment=_environment())
    except (OSError, ValueError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) and problem.strerror else problem
        return Answer(False, f"{command[0]} cannot be started: {reason}.")
    words = ended.last_words[-SHOWN:]
    if ended.code is None:
        return Answer(False, f"{command[0]} was ended after {limit:g} seconds. {words}".strip())
    return Answer(ended.code == 0, f"{command[0]} ended with {ended.code}. {words}".strip())


def _folder() -> Path:
    """Where it works: a folder that is there, and that no store brings along."""
    return home if (home := Path.home()).is_dir() else Path(os.sep).resolve()


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name.upper() in _NEEDED or name.upper().startswith(_BEGINNINGS)
    }
