"""Strict reading of plain values that somebody has written.

What does not fit raises InvalidValue with the place where it stands (`gates.Production.checks[2].metric`, counted
from 0) and what may have been meant.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.registry.names import near

# YAML 1.1 takes 1e-3, which has no point, for a text.
_EXPONENT = re.compile(r"[-+]?\d+(\.\d*)?[eE][-+]?\d{1,3}", re.ASCII)
_PLAIN = re.compile(r"\w[\w -]*")
#: A whole number beyond this is a slip, and Python writes none that is very long.
MOST = 1_000_000


def wrong(place: str, message: str, hint: str = "") -> InvalidValue:
    """The error to raise for what stands at a place."""
    return InvalidValue(f"{place}: {message}", hint)


def below(place: str, key: object) -> str:
    """The place of a mapping's value."""
    return f"{place}.{key if isinstance(key, str) and _PLAIN.fullmatch(key) else shown(key)}".removeprefix("policy.")


def meant(name: object, choices: Collection[str]) -> str:
    """A hint with the choice that is most alike, whatever its case, or with all of them."""
    found = near(name, choices) if isinstance(name, str) else None
    if found is not None:
        return f"Did you mean {found}?"
    return f"There are {', '.join(choices)}." if choices else ""


def shown(value: object) -> str:
    """A value in a message. What holds others is only named: aliases of YAML can make a little text endless."""
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple | set):
        return "a list"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > rules.MAX_INT64:
        return "a number beyond 64 bits"
    return "nothing" if value is None else rules.shorten(value)


def mapping(value: Any, place: str, known: Collection[str]) -> Mapping[str, Any]:
    """Values by key, all of them keys that there are."""
    if not isinstance(value, Mapping):
        raise wrong(place, f"here stand keys and values, not {shown(value)}.", f"The keys are {', '.join(known)}.")
    for key in value:
        if not isinstance(key, str) or key not in known:
            raise wrong(place, f"there is no key {shown(key)}.", meant(key, known))
    return value


def needed(given: Mapping[str, Any], key: str, place: str, example: str) -> Any:
    """What a key says that must not be left out."""
    if key not in given:
        raise wrong(place, f"the key {key} is missing.", f"Write it as {example}.")
    return given[key]


def listed(value: Any, place: str) -> Iterator[tuple[Any, str]]:
    """Each entry of a list, with its place."""
    if not isinstance(value, list):
        raise wrong(place, f"here stands a list, not {shown(value)}.", "Write it as [first, second].")
    return ((one, f"{place}[{number}]") for number, one in enumerate(value))


def text(value: Any, place: str, what: str) -> str:
    """A text that is not blank and that UTF-8 can hold.

    Args:
        what: what it is, in the message: "a stage".
    """
    if not isinstance(value, str):
        hint = "" if isinstance(value, list | Mapping) else "What YAML reads as something else is put into quotes."
        raise wrong(place, f"{what} is a text, not {shown(value)}.", hint)
    if not value.strip():
        raise wrong(place, f"{what} is a text that is not blank.")
    if rules.text(value) != value:
        raise wrong(place, f"{what} is a text that UTF-8 can hold, not {shown(value)}.")
    return value


def key(value: Any, place: str, what: str) -> str:
    """The name of a metric or a tag. `what` is "metric" or "tag"."""
    try:
        return rules.key(text(value, place, f"a {what}"), what)
    except InvalidValue as problem:
        if problem.message.startswith(f"{place}: "):
            raise
        raise wrong(place, problem.message, problem.hint) from None


def number(value: Any, place: str, what: str, least: float = -math.inf) -> float:
    """A finite number, and not less than a least one."""
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        raise wrong(place, f"{what} is a number, not {shown(value)}.")
    if value < least:
        raise wrong(place, f"{what} is not less than {least:g}; {shown(value)} is.")
    return float(value)


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float can hold
        return False


def whole(value: Any, place: str, what: str) -> int:
    """A whole number from 1 to a million."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise wrong(place, f"{what} is a whole number from 1 to {MOST:,}, not {shown(value)}.")
    return value


def choice(value: Any, place: str, choices: Collection[str], what: str) -> str:
    """One of several names, as it is written among them; the case does not matter.

    Args:
        what: what these are, in the message: "stage".
    """
    letters = text(value, place, f"a {what}").casefold()
    for one in choices:
        if one.casefold() == letters:
            return one
    raise wrong(place, f"there is no {what} {shown(value)}.", meant(value, choices))


def once(names: Collection[str], place: str) -> tuple[str, ...]:
    """The names, none of which stands twice."""
    seen: set[str] = set()
    for one in names:
        if one in seen:
            raise wrong(place, f"{shown(one)} stands there twice.", "Leave one out.")
        seen.add(one)
    return tuple(names)
