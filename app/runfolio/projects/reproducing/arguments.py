"""The command of a script with other values: an option that bears the name of a param gets the new one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

_NUMBER = re.compile(r"-[\d.]\S*|-inf|-nan", re.IGNORECASE)
# Where programs are installed, those that Python runs as scripts too, such as torchrun.
_PROGRAMS = ("bin", "scripts")


def with_values(words: Sequence[str], values: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The words of a command with other values, and the names of those that it does not take.

    `--learning-rate 0.1`, `--learning-rate=0.1`, `--learning_rate …` and `learning_rate=0.1` are taken for a param
    `learning_rate`; of several, the last, which is the one that counts for programs. An option without a value is no
    place for one.
    """
    changed, missing = list(words), []
    for name, value in values.items():
        place = _place(changed, name)
        if place is None:
            missing.append(name)
        else:
            at, before = place
            changed[at] = before + value
    return changed, missing


def with_python(words: Sequence[str]) -> list[str]:
    """The words with the environment's own Python in the place of the one that there was, and its own programs."""
    changed = list(words)
    if changed and PurePath(changed[0]).name.lower().startswith("python"):
        changed[0] = "python"
        program = PurePath(changed[1]) if len(changed) > 1 else PurePath()
        if program.is_absolute() and program.parent.name.lower() in _PROGRAMS:
            changed[:2] = [program.name]
    return changed


def _place(words: Sequence[str], name: str) -> tuple[int, str] | None:
    """The word that holds the value of a param, and what stands before it in that word."""
    found = None
    plain = _plain(name)
    for at, word in enumerate(words):
        if word == "--":
            break
        option, sign, _ = word.partition("=")
        if sign and _plain(option) == plain and (option.startswith("-") or at > 0):
            found = at, f"{option}="
        elif not sign and word.startswith("-") and _plain(word) == plain and _has_value(words, at):
            found = at + 1, ""
    return found


def _has_value(words: Sequence[str], at: int) -> bool:
    following = words[at + 1] if at + 1 < len(words) else "-"
    return not following.startswith("-") or bool(_NUMBER.fullmatch(following))


def _plain(name: str) -> str:
    """A name as it is compared: without dashes before it, and with all others as underscores."""
    return name.lstrip("-+").replace("-", "_")
