"""Patterns that many runs are named by: `{params.optimizer}-{number}`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from runfolio.core.errors import InvalidValue

PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
FIELDS = "{name}, {number}, {params.…} and {tags.…}"
MOST_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern in its parts: texts as they are, and fields with what they are of and their key."""

    parts: tuple[str | tuple[str, str], ...]

    @property
    def sources(self) -> frozenset[str]:
        """What must be known of a run: `params`, `tags`."""
        return frozenset(part[0] for part in self.parts if isinstance(part, tuple)) & {"params", "tags"}

    def lacking(self, params: Mapping[str, str], tags: Mapping[str, str]) -> list[str]:
        """The fields for which a run has no value."""
        values = {"params": params, "tags": tags}
        fields = dict.fromkeys(part for part in self.parts if isinstance(part, tuple) and part[0] in values)
        return [f"{source}.{key}" for source, key in fields if not values[source].get(key)]

    def fill(self, name: str, number: int, params: Mapping[str, str], tags: Mapping[str, str]) -> str:
        """The new name of a run; what it has no value for stays empty."""
        values = {"params": params, "tags": tags, "name": {"": name}, "number": {"": str(number)}}
        filled = (part if isinstance(part, str) else values[part[0]].get(part[1], "") for part in self.parts)
        return " ".join("".join(filled).split())


def read_pattern(text: str) -> Pattern:
    """The pattern that a text means; a brace is written twice. Raises InvalidValue."""
    if not text.strip():
        raise InvalidValue("The pattern is empty.", f"There are {FIELDS}.")
    if len(text) > MOST_CHARACTERS:
        raise InvalidValue(f"A pattern has at most {MOST_CHARACTERS} characters; this one has {len(text)}.")
    return Pattern(tuple(_part(found) for found in PARTS.finditer(text)))


def lacking_text(fields: Sequence[str], runs: str) -> str:
    """What is told of fields for which none of the runs, that are called so, has a value; empty if there are none."""
    told = [f"None of {runs} has {field}." for field in fields if ":" not in field]
    formats = [field.partition(":") for field in fields if ":" in field]
    told += [
        f"None of {runs} has {field}{colon}{form}. Numbers are written as they were logged: write {{{field}}}."
        for field, colon, form in formats
    ]
    return " ".join(told)


def _part(found: re.Match[str]) -> str | tuple[str, str]:
    field = found[1]
    if field is None:
        if found[0] in ("{", "}"):
            where = f"The brace at character {found.start() + 1} has no partner."
            raise InvalidValue(where, "Write it twice if it belongs to the name.")
        return "{" if found[0] == "{{" else "}" if found[0] == "}}" else found[0]
    if field in ("name", "number"):
        return field, ""
    source, _, key = field.partition(".")
    if source not in ("params", "tags") or not key:
        raise InvalidValue(f"There is no field {found[0]}.", f"There are {FIELDS}.")
    return source, key
