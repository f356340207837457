"""What one can ask of a document: the nodes below a node, and where some words are."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from runfolio.core.errors import CannotShow
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.tree.json_file import read_json
from runfolio.previews.work import Work

NodeKind = Literal["object", "list", "text", "number", "truth", "null", "alias"]
#: Letters of a value that are shown, and in full on request; nodes of one answer.
MOST_LETTERS, FULL_LETTERS, MOST_NODES = 300, 20_000, 1_000
#: A search ends with so many.
MOST_FOUND = 10_000


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a document.

    Attributes:
        label: its key or its number; empty for the root.
        kind: what it is.
        text: its value, shortened; of lists and objects, how much is in them.
        count: how many nodes are below it.
    """

    label: str
    kind: NodeKind
    text: str
    count: int


@dataclass(frozen=True, slots=True)
class AskNode(Question[Node]):
    """A node: by the numbers of the nodes that lead to it, from the root."""

    path: str
    place: tuple[int, ...] = ()

    def answer(self, kept: Kept) -> Node:
        """It."""
        label, value = _at(kept.get(_read, self.path).root, self.place)
        return node(label, value)


@dataclass(frozen=True, slots=True)
class AskBelow(Question[tuple[Node, ...]]):
    """Some of the nodes below one."""

    path: str
    place: tuple[int, ...]
    first: int
    count: int

    def answer(self, kept: Kept) -> tuple[Node, ...]:
        """Them."""
        value = _at(kept.get(_read, self.path).root, self.place)[1]
        last = self.first + min(self.count, MOST_NODES)
        return tuple(node(label, child) for label, child in _children(value, self.first, last))


@dataclass(frozen=True, slots=True)
class AskValue(Question[str]):
    """A node's whole value as text, up to 20,000 letters: Qt takes seconds to lay out a line of a million."""

    path: str
    place: tuple[int, ...]

    def answer(self, kept: Kept) -> str:
        """It; lists and objects as JSON."""
        value = _at(kept.get(_read, self.path).root, self.place)[1]
        if isinstance(value, str):
            return cut(value)
        parts: list[str] = []
        letters = 0
        try:
            for part in json.JSONEncoder(indent=2, ensure_ascii=False, default=_plain).iterencode(value):
                parts.append(part)
                letters += len(part)
                if letters > FULL_LETTERS:
                    break
        except ValueError as error:  # a number of thousands of digits, which YAML allows
            raise CannotShow("It has a number of more digits than are written.") from error
        return cut("".join(parts))


@dataclass(frozen=True, slots=True)
class FoundNodes:
    """Where some words are.

    Attributes:
        places: of nodes that were not told of before, in the order of the document.
        over: whether all of it has been looked at.
    """

    places: tuple[tuple[int, ...], ...]
    over: bool


@dataclass(frozen=True, slots=True)
class FindNodes(Question[FoundNodes]):
    """Nodes in whose label or value some words are, whatever their case: asked again until it is over.

    `known` is how many have been told already.
    """

    path: str
    words: str
    known: int = 0

    def answer(self, kept: Kept) -> FoundNodes:
        """Where they are, as far as one slice of work comes."""
        search = kept.get(_read, self.path).searching(self.words.casefold())
        search.work.go_on()
        return FoundNodes(tuple(search.places[self.known :]), search.work.over)


@dataclass(slots=True)
class _Search:
    """A search that goes on from question to question."""

    words: str
    places: list[tuple[int, ...]]
    work: Work[bool]


@dataclass(slots=True)
class Document:
    """A document that has been read."""

    root: Any
    _search: _Search | None = None

    def searching(self, words: str) -> _Search:
        """The search for these words; one at a time."""
        if self._search is None or self._search.words != words:
            places: list[tuple[int, ...]] = []
            self._search = _Search(words, places, Work(_look_for(self.root, words, places)))
        return self._search


def _look_for(root: Any, words: str, places: list[tuple[int, ...]]) -> Generator[float, None, bool]:
    for place, label, value in _walk(root):
        if words in label.casefold() or (not _size(value) and words in _text(value).casefold()):
            places.append(place)
            if len(places) >= MOST_FOUND:
                break
        yield 0.5
    return True


def _read(path: str) -> Document:
    if path.lower().endswith((".yaml", ".yml")) or path.rsplit("/", 1)[-1] == "MLmodel":
        from runfolio.previews.tree.yaml_file import read_yaml

        return Document(read_yaml(path))
    return Document(read_json(path))


def node(label: str, value: Any) -> Node:
    """A value as a node."""
    kind = _kind(value)
    count = _size(value)
    if kind in ("object", "list"):
        noun = "key" if kind == "object" else "item"
        return Node(label, kind, f"{_tag(value)}{count:,} {noun}{'' if count == 1 else 's'}", count)
    text = _text(value)
    return Node(label, kind, text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…", 0)


def cut(text: str) -> str:
    """A text as far as it is shown in full."""
    return text if len(text) <= FULL_LETTERS else f"{text[:FULL_LETTERS]}…"


def _at(root: Any, place: Sequence[int]) -> tuple[str, Any]:
    label, value = "", root
    for number in place:
        if not 0 <= number < _size(value):
            raise CannotShow("The document has no such place any more.")
        label, value = _child(value, number)
    return label, value


def _walk(root: Any) -> Iterator[tuple[tuple[int, ...], str, Any]]:
    """Every node in the order of the document, the root first."""
    waiting: list[tuple[tuple[int, ...], str, Any]] = [((), "", root)]
    while waiting:
        place, label, value = waiting.pop()
        yield place, label, value
        below = [((*place, number), name, child) for number, (name, child) in enumerate(_children(value))]
        waiting += reversed(below)


def _inner(value: Any) -> Any:
    return value.value if hasattr(value, "tag") else value


def _tag(value: Any) -> str:
    return f"{value.tag} · " if hasattr(value, "tag") else ""


def _kind(value: Any) -> NodeKind:
    inner = _inner(value)
    if isinstance(inner, bool):
        return "truth"
    if isinstance(inner, dict) or hasattr(inner, "pairs"):
        return "object"
    for kinds, name in _KINDS:
        if isinstance(inner, kinds):
            return name
    return "null" if inner is None else "alias"


_KINDS: tuple[tuple[type | tuple[type, ...], NodeKind], ...] = ((list, "list"), (str, "text"), ((int, float), "number"))


def _size(value: Any) -> int:
    inner = _inner(value)
    if isinstance(inner, dict | list):
        return len(inner)
    return len(inner.pairs) if hasattr(inner, "pairs") else 0


def _child(value: Any, number: int) -> tuple[str, Any]:
    return next(_children(value, number, number + 1))


def _children(value: Any, first: int = 0, last: int | None = None) -> Iterator[tuple[str, Any]]:
    """Labels and values of some nodes below one."""
    inner = _inner(value)
    if isinstance(inner, dict):
        yield from islice(inner.items(), first, last)
    elif isinstance(inner, list):
        yield from ((str(first + number), child) for number, child in enumerate(inner[first:last]))
    elif hasattr(inner, "pairs"):
        yield from ((node("", key).text, child) for key, child in inner.pairs[first:last])


def _text(value: Any) -> str:
    inner = _inner(value)
    if isinstance(inner, bool):
        return _tag(value) + ("true" if inner else "false")
    if inner is None:
        return _tag(value) + "null"
    if isinstance(inner, str | int | float):
        return _tag(value) + _short(inner)
    return f"*{inner.name}" if hasattr(inner, "name") else ""


def _short(value: str | int | float) -> str:
    try:
        return value if isinstance(value, str) else repr(value)
    except ValueError:  # a number of thousands of digits, which YAML's underscores and bases allow
        return "a very large number"


def _plain(value: Any) -> Any:
    """What is YAML's alone, for JSON."""
    if hasattr(value, "pairs"):
        return {_text(key) if not _size(key) else str(number): child for number, (key, child) in enumerate(value.pairs)}
    return {value.tag: value.value} if hasattr(value, "tag") else _text(value)
