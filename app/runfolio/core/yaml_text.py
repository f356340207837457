"""Texts of YAML that anybody may have written, read as plain values within limits.

PyYAML's reader in C calls itself for each level of nesting, so that a deep text ends the whole process, and its merges
(`<<`) can double a mapping with each line. What comes of a text is followed first, event by event, which does neither.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

DEEPEST, MOST = 100, 1_000_000
#: Of a mapping that others are merged into.
MOST_MERGED = 10_000
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MERGE = "tag:yaml.org,2002:merge"
# What PyYAML's makers of values let through for texts that their tags do not fit.
_WRONG = (yaml.YAMLError, ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)


class NotYaml(ValueError):
    """A text is no YAML, or goes beyond a limit; the message says which, without a period."""


def events(text: str | bytes, *, deepest: int = DEEPEST, most: int = MOST) -> Iterator[yaml.Event]:
    """What comes of a text, one after the other. Raises NotYaml."""
    depth = 0
    try:
        for number, event in enumerate(yaml.parse(text, _Loader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > deepest:
                raise NotYaml(f"it is nested deeper than {deepest} levels")
            if number > most:
                raise NotYaml(f"it has more than {most:,} parts")
            yield event
    except yaml.YAMLError as error:
        raise NotYaml(" ".join(str(error).split())[:300]) from error


def load(text: str | bytes, *, deepest: int = DEEPEST, most: int = MOST) -> Any:
    """The plain values of a text: nothing else is made. Raises NotYaml."""
    for _ in events(text, deepest=deepest, most=most):
        pass
    try:
        return yaml.load(text, _Merging)
    except NotYaml:
        raise
    except _WRONG as error:
        raise NotYaml(" ".join(str(error).split())[:300] or type(error).__name__) from error


def compose(text: str | bytes, *, deepest: int = DEEPEST, most: int = MOST) -> yaml.Node | None:
    """The parts of a text as they are written, each with its line; None of an empty text. Raises NotYaml."""
    for _ in events(text, deepest=deepest, most=most):
        pass
    try:
        found: yaml.Node | None = yaml.compose(text, _Loader)
    except _WRONG as error:
        raise NotYaml(" ".join(str(error).split())[:300] or type(error).__name__) from error
    return found


class _Merging(_Loader):  # type: ignore[misc]
    """Merges no more than anybody writes."""

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Put into a mapping what it merges, as PyYAML does when it makes one."""
        merges = any(key.tag == _MERGE for key, _ in node.value)
        super().flatten_mapping(node)
        if merges and len(node.value) > MOST_MERGED:
            raise NotYaml("it merges too much")
