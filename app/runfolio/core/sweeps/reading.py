"""Strict reading of YAML that somebody has written: every fault is noted with its line, and reading goes on.

What stands there is taken as it is written: `0.10` stays these four characters, and `1e-3` is a number, although YAML
1.1 takes it for a text.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from dataclasses import dataclass

import yaml

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.registry.names import nearest

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"[-+]?\d{1,16}", re.ASCII)
_FLAGS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_NOTHING = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file.

    Attributes:
        line: where it is, counted from 1; 0 if it is nowhere in particular.
        text: one sentence or more.
    """

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


class Reader:
    """Takes values out of the parts of a text, and notes what is wrong with them.

    What does not fit is None, or left out.

    Attributes:
        faults: in the order in which they were found.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def wrong(self, part: yaml.Node | None, text: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(0 if part is None else part.start_mark.line + 1, text.strip()))

    def mapping(self, part: yaml.Node, what: str, known: Collection[str] | None = None) -> dict[str, yaml.Node]:
        """Parts by their keys; those with nothing are left out. With None for `known` all keys are."""
        if not isinstance(part, yaml.MappingNode):
            self.wrong(part, f"{what} has keys and values, not {shown(part)}.")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in part.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            if name in found:
                self.wrong(key, f"{name!r} stands twice in {what}.")
            elif known is not None and name not in known:
                self.wrong(key, f"There is no {shown(key)} in {what}. {_hint(name, known)}")
            elif not is_nothing(value):
                found[name] = value
        return found

    def text(self, part: yaml.Node, what: str) -> str | None:
        """One value, as it is written."""
        if not isinstance(part, yaml.ScalarNode) or is_nothing(part) or rules.text(part.value) != part.value:
            self.wrong(part, f"{what} is one value, not {shown(part)}.")
            return None
        return str(part.value)

    def texts(self, part: yaml.Node, what: str) -> tuple[str, ...]:
        """The values of a list."""
        if not isinstance(part, yaml.SequenceNode):
            self.wrong(part, f"{what} is a list, not {shown(part)}.")
            return ()
        found = [self.text(one, f"A value of {what}") for one in part.value]
        return tuple(one for one in found if one is not None)

    def key(self, part: yaml.Node, what: str) -> str | None:
        """The name of a metric or a param."""
        found = self.text(part, f"The {what}")
        try:
            return None if found is None else rules.key(found, what)
        except InvalidValue as problem:
            self.wrong(part, str(problem))
            return None

    def number(self, part: yaml.Node, what: str, least: float = -math.inf, most: float = math.inf) -> float | None:
        """A finite number."""
        if not isinstance(part, yaml.ScalarNode) or not _NUMBER.fullmatch(part.value):
            self.wrong(part, f"{what} is a number, not {shown(part)}.")
            return None
        found = float(part.value)
        if not math.isfinite(found) or not least <= found <= most:
            self.wrong(part, f"{what} is {_within(least, most)}, not {part.value}.")
            return None
        return found

    def whole(self, part: yaml.Node, what: str, least: int, most: int) -> int | None:
        """A whole number."""
        if not isinstance(part, yaml.ScalarNode) or not _WHOLE.fullmatch(part.value):
            self.wrong(part, f"{what} is a whole number, not {shown(part)}.")
            return None
        if not least <= int(part.value) <= most:
            self.wrong(part, f"{what} is {_within(least, most)}, not {part.value}.")
            return None
        return int(part.value)

    def flag(self, part: yaml.Node, what: str) -> bool | None:
        """True or false."""
        found = _FLAGS.get(part.value.casefold()) if isinstance(part, yaml.ScalarNode) else None
        if found is None:
            self.wrong(part, f"{what} is true or false, not {shown(part)}.")
        return found

    def choice(self, part: yaml.Node, what: str, choices: Collection[str]) -> str | None:
        """One of several words."""
        found = part.value.casefold() if isinstance(part, yaml.ScalarNode) else ""
        if found not in choices:
            self.wrong(part, f"{what} is one of {', '.join(choices)}, not {shown(part)}. {_hint(found, choices, '')}")
            return None
        return found


def is_nothing(part: yaml.Node) -> bool:
    """Whether nothing stands where a value could."""
    return isinstance(part, yaml.ScalarNode) and part.tag == _NOTHING


def shown(part: yaml.Node) -> str:
    """A part in a message."""
    if isinstance(part, yaml.MappingNode):
        return "a mapping"
    if isinstance(part, yaml.SequenceNode):
        return "a list"
    return "nothing" if is_nothing(part) else rules.shorten(part.value)


def _hint(name: str, choices: Collection[str], else_: str = "There are") -> str:
    near = nearest(name, choices).strip()
    return near or (f"{else_} {', '.join(choices)}." if else_ else "")


def _within(least: float, most: float) -> str:
    if math.isinf(most):
        return f"not less than {least:g}" if math.isfinite(least) else "finite"
    return f"from {least:,.12g} to {most:,.12g}"
