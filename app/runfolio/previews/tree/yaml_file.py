"""YAML as it is written: tags make nothing, and aliases stand for themselves, so that none can grow."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from runfolio.core import yaml_text
from runfolio.core.errors import CannotShow
from runfolio.previews.encodings import encoding_of
from runfolio.previews.files import read_whole

MOST_BYTES, DEEPEST, MOST_EVENTS = 8 * 1024 * 1024, 500, 1_000_000
TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Alias:
    """A place that repeats another one: `*name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value with a tag that would make something else of it: `!!python/object`; it is not made."""

    tag: str
    value: Any


@dataclass(slots=True)
class Pairs:
    """A mapping, in the order it is written: keys may be anything, and occur twice."""

    pairs: list[tuple[Any, Any]]


def read_yaml(path: str) -> Any:
    """What a YAML file holds: one document, or a list of several. Raises CannotShow with the place where it is none."""
    data = read_whole(path, MOST_BYTES, "YAML")
    encoding = encoding_of(data[:4096])
    found = yaml_text.events(encoding.text(data[encoding.mark :]), deepest=DEEPEST, most=MOST_EVENTS)
    try:
        documents = list(_documents(found))
    except yaml_text.NotYaml as error:
        raise CannotShow(f"This cannot be shown as YAML: {error}.", "Its text can be looked at.") from error
    if not documents:
        raise CannotShow("This file has comments only.", "Its text can be looked at.")
    return documents[0] if len(documents) == 1 else documents


class _Open:
    """A list or mapping that is being read."""

    def __init__(self, event: Any) -> None:
        self.mapping = isinstance(event, yaml.MappingStartEvent)
        self.tag = event.tag
        self.items: list[Any] = []

    def value(self) -> Any:
        made: Any = Pairs(list(zip(self.items[::2], self.items[1::2], strict=True))) if self.mapping else self.items
        usual = self.tag in (None, "!", f"{TAG}map", f"{TAG}seq")
        return made if usual else Tagged(self.tag.replace(TAG, "!!"), made)


def _documents(events: Iterator[Any]) -> Iterator[Any]:
    """The values of all documents, without calling itself: how deep a document goes is its writer's choice."""
    open_: list[_Open] = []
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            open_.append(_Open(event))
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            value = open_.pop().value()
        elif isinstance(event, yaml.ScalarEvent):
            value = _scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            value = Alias(str(event.anchor))
        else:
            continue
        if open_:
            open_[-1].items.append(value)
        else:
            yield value


_RESOLVER = yaml.SafeLoader("")
_MAKERS = {f"{TAG}{kind}" for kind in ("null", "bool", "int", "float")}


def _scalar(event: Any) -> Any:
    """A plain text is what YAML takes it for: nothing, a truth, a number, else a text."""
    tag = event.tag
    if tag in (None, "!"):
        resolve: Any = _RESOLVER.resolve
        tag = resolve(yaml.ScalarNode, event.value, event.implicit)
    elif tag.removeprefix(TAG) not in ("null", "bool", "int", "float", "str", "timestamp"):
        return Tagged(tag.replace(TAG, "!!"), event.value)
    if tag not in _MAKERS:
        return event.value
    try:
        return _RESOLVER.construct_object(yaml.ScalarNode(tag, event.value))
    except (yaml.YAMLError, ValueError, KeyError, OverflowError):
        return event.value
