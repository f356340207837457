"""Strict reading of the values in a sweep's file: each is taken as it is written, and every fault is noted.

`0.10` stays these four characters, and `1e-3` is a number, although YAML 1.1 takes it for a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection

import yaml

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.reading import Fault, Reading, is_null, shown
from runfolio.core.registry.names import nearest

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,16}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


class Reader(Reading):
    """Takes values out of the nodes of a text; what does not fit is None, or left out."""

    def nowhere(self, text: str) -> None:
        """Note a fault of the whole text."""
        self.faults.append(Fault(0, text))

    def values(self, node: yaml.Node, what: str, known: Collection[str] = ()) -> dict[str, yaml.Node]:
        """What stands in a mapping by its keys; those with nothing are left out. With none `known`, all keys are."""
        entries = self.mapping(node, what, known)
        return {name: entry.value for name, entry in entries.items() if not is_null(entry.value)}

    def texts(self, node: yaml.Node, what: str) -> tuple[str, ...]:
        """The values of a list."""
        found = [self.text(one, f"a value of {what}", blank=True) for one in self.items(node, what, "[first, second]")]
        return tuple(one for one in found if one is not None)

    def key(self, node: yaml.Node, what: str) -> str | None:
        """The name of a metric or a param."""
        found = self.text(node, f"the {what}")
        try:
            return None if found is None else rules.key(found, what)
        except InvalidValue as problem:
            self.wrong(node, str(problem))
            return None

    def number(self, node: yaml.Node, what: str, least: float = -math.inf) -> float | None:
        """A finite number."""
        if not isinstance(node, yaml.ScalarNode) or not _NUMBER.fullmatch(node.value):
            self.wrong(node, f"{what} is a number, not {shown(node)}.")
            return None
        found = float(node.value)
        if not math.isfinite(found) or found < least:
            rule = f"not less than {least:g}" if math.isfinite(least) else "finite"
            self.wrong(node, f"{what} is {rule}, not {node.value}.")
            return None
        return found

    def whole(self, node: yaml.Node, what: str, least: int, most: int) -> int | None:
        """A whole number."""
        if not isinstance(node, yaml.ScalarNode) or not _WHOLE.fullmatch(node.value):
            self.wrong(node, f"{what} is a whole number, not {shown(node)}.")
            return None
        if not least <= int(node.value) <= most:
            self.wrong(node, f"{what} is from {least:,} to {most:,}, not {node.value}.")
            return None
        return int(node.value)

    def flag(self, node: yaml.Node, what: str) -> bool | None:
        """True or false."""
        found = _FLAGS.get(node.value.casefold()) if isinstance(node, yaml.ScalarNode) else None
        if found is None:
            self.wrong(node, f"{what} is true or false, not {shown(node)}.")
        return found

    def choice(self, node: yaml.Node, what: str, choices: Collection[str]) -> str | None:
        """One of several words."""
        found = node.value.casefold() if isinstance(node, yaml.ScalarNode) else ""
        if found not in choices:
            advice = nearest(found, [str(one) for one in choices])
            self.wrong(node, f"{what} is one of {', '.join(choices)}, not {shown(node)}. {advice}".strip())
            return None
        return str(found)
