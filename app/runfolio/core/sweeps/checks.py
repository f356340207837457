"""What of a sweep cannot be, in itself and for an entry point that is to be run with it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.parameters import problem_of
from runfolio.core.projects.records import EntryPoint, Kind, Parameter
from runfolio.core.registry.names import nearest
from runfolio.core.sweeps import values
from runfolio.core.sweeps.records import Dimension, Method, Sweep

#: Values of one dimension, and trials of a grid: more is a slip.
MOST_POINTS, MOST_OF_GRID = 10_000, 1_000_000
#: Whole numbers beyond this are not all floats.
MOST_WHOLE = 2**53


def faults(sweep: Sweep) -> Iterator[tuple[str, str]]:
    """What is wrong with a sweep: the key that each fault is about (`space.lr`, `trials`), and a sentence."""
    if not sweep.space:
        yield "space", "There is no parameter in space: nothing to search."
    for name, number in Counter(one.name for one in sweep.space).items():
        if number > 1:
            yield f"space.{name}", f"{name} stands in space twice."
    for one in sweep.space:
        found = [*_of_name(one.name), *_of_values(one), *(_of_grid(one) if sweep.method is Method.GRID else ())]
        if one.name in sweep.fixed:
            found.append(f"{one.name} is fixed and in space: leave one out.")
        yield from ((f"space.{one.name}", text) for text in found)
    yield from (("fixed", text) for name in sweep.fixed for text in _of_name(name))
    if sweep.method is not Method.GRID and sweep.trials < 1:
        yield "trials", f"A sweep by {sweep.method} has a number of trials, at least 1."
    if sweep.method is Method.GRID and not sweep.trials:
        whole = math.prod(max(values.count(one), 1) for one in sweep.space)
        if whole > MOST_OF_GRID:
            yield "space", f"The grid has {whole:,} trials: more than {MOST_OF_GRID:,}. Say how many with trials."
    if not 0 <= sweep.pruning.percentile <= 100:
        yield "pruning", f"percentile is from 0 to 100, not {sweep.pruning.percentile:g}."


def _of_name(name: str) -> Iterator[str]:
    try:
        rules.key(name, "param")
    except InvalidValue as problem:
        yield str(problem)


def _of_values(one: Dimension) -> Iterator[str]:
    twice = [value for value, number in Counter(one.values).items() if number > 1]
    if one.values:
        yield from (f"{one.name} has the value {rules.shorten(value)} twice." for value in twice)
        return
    if not (math.isfinite(one.low) and math.isfinite(one.high)):
        yield f"{one.name} has ends that are numbers."
        return
    if one.low > one.high or (one.low == one.high == 0):
        yield f"{one.name} has values from low to high, or a list of some: low is {one.low:g} and high {one.high:g}."
    if one.log and one.low <= 0:
        yield f"{one.name} has a logarithm, so that low is above 0, not {one.low:g}."
    if one.step is not None and not (math.isfinite(one.step) and one.step > 0):
        yield f"{one.name} has steps above 0, not {one.step:g}."
    elif one.step is not None and one.log:
        yield f"{one.name} has steps or a logarithm, not both."
    numbers = [one.low, one.high, *([] if one.step is None else [one.step])]
    if one.whole and not all(number == int(number) and abs(number) <= MOST_WHOLE for number in numbers):
        yield f"{one.name} has whole numbers: so are low, high and step."


def _of_grid(one: Dimension) -> Iterator[str]:
    if not one.values and one.step != 0 and one.low <= one.high and one.high:
        if not values.count(one):
            yield f"{one.name} has no end of values: a grid needs a step, points or a list of them."
        elif values.count(one) > MOST_POINTS:
            number = values.count(one)
            yield f"{one.name} has {number:,} values in a grid, more than {MOST_POINTS:,}: say how many with points."


def check(sweep: Sweep) -> Sweep:
    """The sweep. Raises InvalidValue with all that is wrong with it."""
    found = [text for _, text in faults(sweep)]
    if found:
        raise InvalidValue("\n".join(found))
    return sweep


def check_entry(sweep: Sweep, entry: EntryPoint) -> None:
    """Look whether an entry point takes what a sweep would give it.

    Of an entry point that declares nothing, such as a script, nothing is known.

    Raises:
        InvalidValue: it does not; the message tells all of that.
    """
    found = list(entry_faults(sweep, entry))
    if found:
        raise InvalidValue("\n".join(text for _, text in found))


def entry_faults(sweep: Sweep, entry: EntryPoint) -> Iterator[tuple[str, str]]:
    """What of a sweep an entry point does not take, as `faults` has it."""
    if not entry.parameters:
        return
    declared = {one.name: one for one in entry.parameters}
    for name in (*(one.name for one in sweep.space), *sweep.fixed):
        if name not in declared:
            place = "fixed" if name in sweep.fixed else f"space.{name}"
            hint = nearest(name, declared) or f"There are {', '.join(declared)}."
            yield place, f"{entry.name} has no parameter {name!r}. {hint}".strip()
    given = {one.name for one in sweep.space} | set(sweep.fixed)
    for name in declared:
        if declared[name].required and name not in given:
            yield "fixed", f"{entry.name} needs a value of {name}: add it to space or to fixed."
    for one in sweep.space:
        if one.name in declared:
            yield from ((f"space.{one.name}", text) for text in _not_taken(one, declared[one.name]))
    for name, value in sweep.fixed.items():
        if name in declared:
            yield from (("fixed", text) for text in _value_not_taken(value, declared[name]))


def _not_taken(one: Dimension, parameter: Parameter) -> Iterator[str]:
    if one.values:
        for value in one.values:
            yield from _value_not_taken(value, parameter)
        return
    if parameter.choices or parameter.kind is Kind.BOOL:
        choices = ", ".join(parameter.choices) or "true, false"
        yield f"{one.name} is one of {choices}: write it as a list of these."
    elif parameter.kind is Kind.INT and not one.whole:
        yield f"{one.name} takes whole numbers: add whole: true."
    else:
        for end in dict.fromkeys((one.low, one.high)):
            yield from _value_not_taken(values.text(one, end), parameter)


def _value_not_taken(value: str, parameter: Parameter) -> Iterator[str]:
    if problem := problem_of(parameter, value):
        yield f"{parameter.name}: {problem}."
