"""Reads what is typed into a dimension of a sweep, and says what is wrong with it."""

from __future__ import annotations

import csv
from io import StringIO

from runfolio.core.errors import InvalidValue
from runfolio.core.projects.parameters import is_float
from runfolio.core.projects.records import Kind, Parameter
from runfolio.core.sweeps.records import Dimension


def read_list(name: str, text: str) -> Dimension:
    """Values with commas between them; one that has a comma itself stands in quotes. Raises InvalidValue."""
    try:
        (row,) = csv.reader(StringIO(text), skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        raise InvalidValue(f"{name} has a list of values with commas between them.") from None
    values = tuple(one.strip() for one in row)
    if not all(values):
        raise InvalidValue(f"{name} has a value that is blank.")
    return Dimension(name, values)


def write_list(values: tuple[str, ...]) -> str:
    """The same as people type it."""
    written = StringIO()
    csv.writer(written, lineterminator="").writerow(values)
    return written.getvalue().replace(",", ", ") if not any("," in one for one in values) else written.getvalue()


def read_range(parameter: Parameter, low: str, high: str, log: bool, step: str) -> Dimension:
    """Numbers from one to another. Raises InvalidValue."""
    name = parameter.name
    for what, text in (("low", low), ("high", high), ("step", step)):
        if text or what != "step":
            number(name, what, text)
    given = number(name, "step", step) if step else None
    return Dimension(name, (), number(name, "low", low), number(name, "high", high), log, given, is_whole(parameter))


def is_whole(parameter: Parameter) -> bool:
    """Whether it takes whole numbers only."""
    return parameter.kind is Kind.INT


def number(name: str, what: str, text: str) -> float:
    """A number that was typed. Raises InvalidValue."""
    if not is_float(text.strip()):
        raise InvalidValue(f"{name} has a number for {what}, not {text!r}." if text else f"{name} needs {what}.")
    return float(text)


def plain(value: float) -> str:
    """A number as people type it."""
    return f"{int(value)}" if value == int(value) and abs(value) < 1e15 else repr(value)
