"""What is told of a version that has moved: a command of this machine, or a post to an address.

Only what is written of them is here; who sends them is elsewhere. A new kind is one class, its member of `Event` and
its line in `EVENTS`. A command is a list of texts that no shell reads.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from runfolio.core.registry import fields

#: What is filled in where these stand in braces.
PLACEHOLDERS = ("model", "version", "stage", "from")
_BRACES = re.compile(r"\{(\w+)\}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class CommandEvent:
    """A command that is run.

    Attributes:
        command: the program and its arguments, with placeholders.
        on: the stages that it is run for; all if empty.
    """

    command: tuple[str, ...]
    on: tuple[str, ...] = ()
    KEY: ClassVar[str] = "command"
    FIELDS: ClassVar[tuple[str, ...]] = ("on", "command")

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str, on: tuple[str, ...]) -> Self:
        """The event that was written. Raises InvalidValue."""
        there = fields.below(place, cls.KEY)
        if isinstance(given[cls.KEY], str):
            raise fields.wrong(there, "a command is a list of texts, which no shell reads.", "Write it as [ls, -l].")
        command = tuple(_argument(one, at) for one, at in fields.listed(given[cls.KEY], there))
        if not command or not command[0].strip():
            raise fields.wrong(there, "a command begins with a program.")
        if _BRACES.search(command[0]):
            raise fields.wrong(f"{there}[0]", f"the program is no placeholder, as {fields.shown(command[0])} is.")
        return cls(command, on)

    def written(self) -> dict[str, object]:
        """Plain values that are read as the same, but for the stages."""
        return {self.KEY: list(self.command)}

    def filled(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The command with what each of PLACEHOLDERS stands for. What is filled in is looked through no more."""
        return tuple(_BRACES.sub(lambda found: values[found[1]], one) for one in self.command)


@dataclass(frozen=True, slots=True)
class PostEvent:
    """A message that is posted.

    Attributes:
        url: an address of http or https, without a user and a password.
        secret_from: the environment variable whose value signs the message; empty for none.
        on: the stages that it is posted for; all if empty.
    """

    url: str
    secret_from: str = ""
    on: tuple[str, ...] = ()
    KEY: ClassVar[str] = "post"
    FIELDS: ClassVar[tuple[str, ...]] = ("on", "post", "secret_from")

    @classmethod
    def read(cls, given: Mapping[str, Any], place: str, on: tuple[str, ...]) -> Self:
        """The event that was written. Raises InvalidValue."""
        url = _url(given[cls.KEY], fields.below(place, cls.KEY))
        if "secret_from" not in given:
            return cls(url, on=on)
        there = fields.below(place, "secret_from")
        name = fields.text(given["secret_from"], there, "the name of an environment variable")
        if not _VARIABLE.fullmatch(name):
            # Not shown: it may be the secret itself.
            raise fields.wrong(there, "an environment variable is named by letters, digits and _.", "Say HOOK_SECRET.")
        return cls(url, name, on)

    def written(self) -> dict[str, object]:
        """Plain values that are read as the same, but for the stages."""
        found: dict[str, object] = {self.KEY: self.url}
        return found | ({"secret_from": self.secret_from} if self.secret_from else {})


Event = CommandEvent | PostEvent
#: By the key that tells each from the others.
EVENTS: Mapping[str, type[CommandEvent] | type[PostEvent]] = MappingProxyType(
    {kind.KEY: kind for kind in (CommandEvent, PostEvent)}
)
_KEYS = tuple(dict.fromkeys(key for kind in EVENTS.values() for key in kind.FIELDS))


def read_event(value: Any, place: str, stages: Collection[str]) -> Event:
    """An event that was written with keys. Raises InvalidValue."""
    if isinstance(value, Mapping):
        # YAML 1.1 takes the word `on` for true.
        value = {"on" if key is True else key: one for key, one in value.items()}
    given = fields.mapping(value, place, _KEYS)
    kinds = [key for key in EVENTS if key in given]
    if len(kinds) != 1:
        raise fields.wrong(place, f"an event has either {' or '.join(EVENTS)}.", "Write one event for each.")
    kind = EVENTS[kinds[0]]
    fields.mapping(given, place, kind.FIELDS)
    on: tuple[str, ...] = ()
    if "on" in given:
        there = fields.below(place, "on")
        names = [fields.choice(one, at, stages, "stage") for one, at in fields.listed(given["on"], there)]
        on = fields.once(names, there)
        if not on:
            raise fields.wrong(there, "no stage is named.", "Leave `on` out for all stages.")
    return kind.read(given, place, on)


def _argument(value: Any, place: str) -> str:
    """One text of a command; it may be blank, as arguments may."""
    found = "" if value == "" else fields.text(value, place, "an argument")
    if "\0" in found:
        raise fields.wrong(place, "an argument cannot hold the character 0.")
    for name in _BRACES.findall(found):
        if name not in PLACEHOLDERS:
            raise fields.wrong(place, f"there is no placeholder {{{name}}}.", fields.meant(name, PLACEHOLDERS))
    return found


def _url(value: Any, place: str) -> str:
    url = fields.text(value, place, "an address")
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets or a port that are none
        known = False
    if not known or not url.isprintable() or " " in url:
        raise fields.wrong(
            place, f"{fields.shown(url)} is no address of http or https.", "Write it as http://127.0.0.1:9000/hook."
        )
    if "@" in parts.netloc:
        raise fields.wrong(
            place, "an address names no user and no password.", "Sign messages by a secret: secret_from: HOOK_SECRET."
        )
    return url
