"""Where in a policy's text something stands: the line of an error, and the place for another check."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import yaml

from runfolio.core import yaml_text
from runfolio.core.errors import InvalidValue
from runfolio.core.registry.check_kinds import read_check
from runfolio.core.registry.gates import Gate
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.policy_text import DEEPEST, MOST, parse_policy, write_policy

# `line 3` as PyYAML and the reader of policies tell it, counted from 1.
_LINE = re.compile(r"\bline (\d+)")
# A place as `core.registry.fields` writes it: `gates.Production.checks[2].metric`.
_PLACE = re.compile(r"((?:\w[\w -]*|'[^']*')(?:\.(?:\w[\w -]*|'[^']*')|\[\d+\])*): ")
_UNKNOWN = re.compile(r"there is no key '([^']*)'")
_STEP = re.compile(r"\[(\d+)\]|'([^']*)'|(\w[\w -]*)")


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of reading a policy.

    Attributes:
        policy: what it says; None if it breaks a rule.
        trouble: which rule, and what may be meant.
        line: where, from 0; None if nobody can say.
    """

    policy: Policy | None
    trouble: str = ""
    line: int | None = None


def check_policy(text: str) -> Checked:
    """Read a policy that somebody is writing."""
    try:
        return Checked(parse_policy(text))
    except InvalidValue as error:
        return Checked(None, str(error), _line_of(text, error.message))


def _line_of(text: str, message: str) -> int | None:
    place = _PLACE.match(message)
    found = None if place is None else _at(text, place[1])
    if found is not None:
        mark, node = found
        unknown = _UNKNOWN.search(message)
        return int((mark if unknown is None else _key(node, unknown[1]) or mark).start_mark.line)
    told = _LINE.findall(message)
    return min(int(told[-1]) - 1, text.count("\n")) if told else None


def _at(text: str, place: str) -> tuple[yaml.Node, yaml.Node] | None:
    """What stands at a place, or as near above it as there is anything, and the key or the item where that begins.

    None of a text that is no YAML.
    """
    node = _composed(text)
    if node is None:
        return None
    mark = node
    for number, quoted, name in _STEP.findall(place) if place != "policy" else ():
        if number:
            below = mark_below = _item(node, int(number))
        else:
            mark_below, below = _key(node, quoted or name), _value(node, quoted or name)
        if below is None or mark_below is None:
            break
        mark, node = mark_below, below
    return mark, node


def _composed(text: str) -> yaml.Node | None:
    try:
        for _ in yaml_text.events(text, deepest=DEEPEST, most=MOST):
            pass
        found: yaml.Node | None = yaml.compose(text, yaml.SafeLoader)
    except (yaml_text.NotYaml, yaml.YAMLError):
        return None
    return found


def _item(node: yaml.Node, number: int) -> yaml.Node | None:
    return node.value[number] if isinstance(node, yaml.SequenceNode) and number < len(node.value) else None


def _key(node: yaml.Node, name: str) -> yaml.Node | None:
    return next((key for key, _ in _pairs(node) if _is(key, name)), None)


def _value(node: yaml.Node, name: str) -> yaml.Node | None:
    return next((value for key, value in _pairs(node) if _is(key, name)), None)


def _pairs(node: yaml.Node) -> list[tuple[yaml.Node, yaml.Node]]:
    return node.value if isinstance(node, yaml.MappingNode) else []


def _is(key: yaml.Node, name: str) -> bool:
    return str(key.value).casefold() == name.casefold()


def with_check(text: str, stage: str, example: str) -> str:
    """A policy that asks for one check more; a list of checks, one below the other, is left as it was written.

    Raises:
        InvalidValue: the policy breaks a rule, or has no such stage.
    """
    policy = parse_policy(text)
    stage = policy.stage(stage)
    found = _at(text, f"gates.{stage}.checks") if policy.gate(stage).checks else None
    checks = None if found is None else found[1]
    if isinstance(checks, yaml.SequenceNode) and not checks.flow_style and checks.value:
        return _below(text, checks, example)
    gate = policy.gates.get(stage, Gate())
    gate = replace(gate, checks=(*gate.checks, read_check(yaml_text.load(example), "checks")))
    return write_policy(replace(policy, gates={**policy.gates, stage: gate}))


def _below(text: str, checks: yaml.SequenceNode, example: str) -> str:
    """The text with a line after the last of the checks."""
    last = checks.value[-1]
    lines = text.splitlines()
    at = last.end_mark.line + (1 if last.end_mark.column else 0)
    indent = " " * checks.start_mark.column
    return "\n".join([*lines[:at], f"{indent}- {example}", *lines[at:]]) + "\n"
