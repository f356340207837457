"""The entry points of an MLproject file, with their parameters and commands."""

from __future__ import annotations

import math

import yaml

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.projects import command
from runfolio.core.projects.parameters import NUMBERS, is_float, problem_of
from runfolio.core.projects.reading import DESCRIPTION, Entry, Reading, is_null, shown
from runfolio.core.projects.records import EntryPoint, Kind, Parameter
from runfolio.core.registry.names import nearest

KEYS = ("parameters", "command")
PARAMETER_KEYS = ("type", "default", "min", "max", "choices", "help")


def read_entry(reading: Reading, name: str, entry: Entry) -> EntryPoint:
    """An entry point; what is wrong with it is noted."""
    node = entry.value
    if is_null(node):
        reading.wrong(entry.key, f"the entry point {rules.shorten(name)} has no command.")
        return EntryPoint(name, "")
    given = reading.mapping(node, "an entry point", KEYS, (DESCRIPTION,))
    parameters: tuple[Parameter, ...] = ()
    if "parameters" in given:
        found = reading.mapping(given["parameters"].value, "parameters")
        parameters = tuple(_parameter(reading, one, entry) for one, entry in found.items())
    text = ""
    if "command" in given:
        text = reading.text(given["command"].value, "a command") or ""
    elif isinstance(node, yaml.MappingNode):
        reading.wrong(entry.key, f"the entry point {rules.shorten(name)} has no command.")
    point = EntryPoint(name, text, parameters)
    for fault in command.faults(point):
        reading.wrong(given["command"].value, fault)
    return point


def _parameter(reading: Reading, name: str, entry: Entry) -> Parameter:
    """A parameter in the short form, which is its type, or in the long one."""
    try:
        rules.key(name, "parameter")
    except InvalidValue as problem:
        reading.wrong(entry.key, f"{problem.message}")
    if not isinstance(entry.value, yaml.MappingNode):
        word = reading.text(entry.value, f"the type of {rules.shorten(name)}") or ""
        return Parameter(name, _kind(word))
    given = reading.mapping(entry.value, "a parameter", PARAMETER_KEYS, (DESCRIPTION,))
    said = {key: one.value for key, one in given.items() if not is_null(one.value)}
    word = (reading.text(said["type"], "a type") if "type" in said else None) or Kind.STRING
    kind = _kind(word)
    least, most = _limits(reading, said, word, kind)
    told = said.get("help") or said.get(DESCRIPTION)
    help_ = (reading.text(told, "help", blank=True) if told is not None else None) or ""
    alone = Parameter(name, kind, None, least, most, (), help_)
    choices = _choices(reading, said, alone)
    alone = Parameter(name, kind, None, least, most, choices, help_)
    default = reading.text(said["default"], "a default", blank=True) if "default" in said else None
    misfit = "" if default is None else problem_of(alone, default)
    if misfit:
        reading.wrong(said["default"], f"the default of {rules.shorten(name)} does not fit: {misfit}.")
    return Parameter(name, kind, default, least, most, choices, help_)


def _kind(word: str) -> Kind:
    return Kind(word) if word in tuple(Kind) else Kind.STRING


def _limits(reading: Reading, said: dict[str, yaml.Node], word: str, kind: Kind) -> tuple[float | None, float | None]:
    found = {key: _limit(reading, said[key], key) for key in ("min", "max") if key in said}
    if found and kind not in NUMBERS:
        advice = nearest(word, [str(one) for one in NUMBERS]) if word not in tuple(Kind) else ""
        first = next(iter(found))
        text = f"min and max are of numbers, int or float; the type here is {rules.shorten(word)}. {advice}"
        reading.wrong(said[first], text.strip())
        return None, None
    least, most = found.get("min"), found.get("max")
    if least is not None and most is not None and least > most:
        reading.wrong(said["max"], f"max is not less than min; {most:g} is less than {least:g}.")
        return None, None
    return least, most


def _limit(reading: Reading, node: yaml.Node, what: str) -> float | None:
    if isinstance(node, yaml.ScalarNode) and is_float(node.value) and math.isfinite(float(node.value)):
        return float(node.value)
    reading.wrong(node, f"{what} is a number, not {shown(node)}.")
    return None


def _choices(reading: Reading, said: dict[str, yaml.Node], parameter: Parameter) -> tuple[str, ...]:
    if "choices" not in said:
        return ()
    nodes = reading.items(said["choices"], "choices", "[first, second]")
    if isinstance(said["choices"], yaml.SequenceNode) and not nodes:
        reading.wrong(said["choices"], "choices are empty, so that no value could be given. Leave the key out.")
    found: list[str] = []
    for node in nodes:
        text = reading.text(node, "a choice", blank=True)
        problem = "" if text is None else problem_of(parameter, text)
        if problem:
            reading.wrong(node, f"a choice does not fit: {problem}.")
        elif text in found:
            reading.wrong(node, f"the choice {rules.shorten(text)} stands there twice.")
        elif text is not None:
            found.append(text)
    return tuple(found)
