"""Strict reading of a text of YAML by its nodes, which know their lines: every fault is noted, and reading goes on."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import yaml

from runfolio.core import rules
from runfolio.core.registry.names import nearest

#: A key that many files have, which MLflow passes over.
DESCRIPTION = "description"
_NULL, _MERGE, _TAGS = "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge", "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong with a file, and in which line, from 1; 0 for the whole of it."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a mapping."""

    key: yaml.ScalarNode
    value: yaml.Node


@dataclass
class Reading:
    """What was found wrong so far, and how nodes are taken for what they should be: None is what they are not."""

    faults: list[Fault] = field(default_factory=list)
    _merged: dict[int, dict[str, Entry]] = field(default_factory=dict)
    _open: set[int] = field(default_factory=set)

    def wrong(self, node: yaml.Node, text: str) -> None:
        """Note a fault, once: what aliases repeat is wrong in one place."""
        fault = Fault(node.start_mark.line + 1, text)
        if fault not in self.faults:
            self.faults.append(fault)

    def mapping(
        self, node: yaml.Node, what: str, known: Collection[str] = (), untold: Collection[str] = ()
    ) -> dict[str, Entry]:
        """Keys as they are written and what they say, with what is merged (`<<`); empty for nothing.

        Args:
            what: what the mapping is, in a message: "an entry point".
            known: the keys that there are; any where none are given.
            untold: more of them, which no message tells.
        """
        if is_null(node):
            return {}
        if not isinstance(node, yaml.MappingNode):
            self.wrong(node, f"{what} is written as keys and values, not as {shown(node)}.")
            return {}
        found = dict(self._pairs(node, what))
        for name in [name for name in found if known and name not in known and name not in untold]:
            advice = nearest(name, known) or f"There are {', '.join(known)}."
            self.wrong(found.pop(name).key, f"there is no key {rules.shorten(name)} in {what}. {advice}".strip())
        return found

    def _pairs(self, node: yaml.MappingNode, what: str) -> dict[str, Entry]:
        if id(node) in self._merged:
            return self._merged[id(node)]
        self._open.add(id(node))
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                merged = self._merge(value, what) | merged
            elif not isinstance(key, yaml.ScalarNode) or is_null(key) or not key.value.strip():
                self.wrong(key, f"a key in {what} is a name, not {shown(key)}.")
            elif key.value in own:
                first = own[key.value].key.start_mark.line + 1
                self.wrong(key, f"the key {rules.shorten(key.value)} stands there twice, first in line {first}.")
            else:
                own[key.value] = Entry(key, value)
        self._open.discard(id(node))
        self._merged[id(node)] = merged | own
        return self._merged[id(node)]

    def _merge(self, node: yaml.Node, what: str) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        for one in reversed(node.value if isinstance(node, yaml.SequenceNode) else [node]):
            if not isinstance(one, yaml.MappingNode):
                self.wrong(one, f"what is merged into {what} is a mapping, not {shown(one)}.")
            elif id(one) in self._open:
                self.wrong(one, f"{what} is merged into itself.")
            else:
                found |= self._pairs(one, what)
        return found

    def text(self, node: yaml.Node, what: str, *, blank: bool = False) -> str | None:
        """A value as it is written, also a number's; None, with a fault, for nothing and for what holds others.

        Args:
            what: what it is, in a message: "a name".
            blank: whether it may be empty.
        """
        if isinstance(node, yaml.ScalarNode) and not is_null(node):
            if not node.tag.startswith(_TAGS):
                self.wrong(node, f"{what} has a tag, {rules.shorten(node.tag)}, which is not known.")
                return None
            if blank or node.value.strip():
                return str(node.value)
        self.wrong(node, f"{what} is a text, not {shown(node)}.")
        return None

    def items(self, node: yaml.Node, what: str, example: str) -> list[yaml.Node]:
        """What stands in a list; empty for nothing."""
        if is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.wrong(node, f"{what} is a list, not {shown(node)}. Write it as {example}.")
            return []
        return list(node.value)


def is_null(node: yaml.Node) -> bool:
    """Whether nothing stands there."""
    return isinstance(node, yaml.ScalarNode) and node.tag == _NULL


def shown(node: yaml.Node) -> str:
    """What stands at a place, in a message; what holds others is only named."""
    if isinstance(node, yaml.MappingNode):
        return "a mapping"
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    return "nothing" if is_null(node) else rules.shorten(node.value)
