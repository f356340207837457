"""What can be typed next in a formula: fields and functions where a number can stand, operators behind one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runfolio.core.filter.complete import Known, Place, Proposal, Proposals, ValuesOf, ranked, word_start
from runfolio.core.filter.doubts import unknown_name
from runfolio.core.filter.tree import Entity, Field, Statistic
from runfolio.core.formulas.functions import FUNCTIONS, OPERATORS
from runfolio.core.formulas.grammar import parser
from runfolio.core.formulas.parse import NUMERIC
from runfolio.core.formulas.tree import Formula
from runfolio.core.system_tags import is_system_metric, is_system_tag

# Names that need no quotes.
PLAIN = re.compile(r"\w+(?:[./:-]\w+)*")
NOT_PLAIN = re.compile(
    r"\.(last|first|min|max|mean|best|count)([/:-]|$)|[/:-](metrics?|param(eter)?s?|tags?|attr|run)\."
)
SIGNS = [name for name in OPERATORS if name not in ("not", "negative", "positive")]


def complete(text: str, cursor: int, known: Known, values_of: ValuesOf) -> Proposals:
    """What can be typed at a cursor of a formula, which compares with no texts."""
    place = place_at(text, cursor)
    return Proposals(place.start, proposals(place, known), whole=not place.word and "TIMES" in place.takes)


def place_at(text: str, cursor: int) -> Place:
    """What belongs at a cursor of a formula; nothing where what stands before cannot be read."""
    from lark import UnexpectedInput

    before = text[:cursor]
    start = word_start(before)
    state = parser().parse_interactive(before[:start])
    try:
        list(state.exhaust_lexer())
    except UnexpectedInput:
        return Place(start, before[start:], frozenset())
    takes: set[str] = state.accepts()  # type: ignore[no-untyped-call]
    return Place(start, before[start:], frozenset(takes))


def proposals(place: Place, known: Known) -> list[Proposal]:
    """What can be typed at a place, those first that begin like the word, then those with a part that does."""
    return ranked(_all(place, known), place.word)


def _all(place: Place, known: Known) -> Iterator[Proposal]:
    if "TIMES" in place.takes:
        yield from (Proposal(name, OPERATORS[name].help) for name in SIGNS)
    if "REFERENCE" not in place.takes:
        return
    for name in known.metrics:
        if not is_system_metric(name):
            yield from (Proposal(_field(Field(Entity.METRIC, name, one)), "metric") for one in Statistic)
    yield from (Proposal(_field(Field(Entity.PARAM, name)), "param") for name in known.params)
    yield from (Proposal(name, "seconds" if name != "children" else "number") for name in NUMERIC)
    yield from (Proposal(_field(Field(Entity.TAG, name)), "tag") for name in known.tags if not is_system_tag(name))
    yield from (Proposal(f"{name}(", function.help) for name, function in FUNCTIONS.items())


def _field(field: Field) -> str:
    """A field as it is typed: a statistic behind a plain name needs no quotes."""
    ending = "" if field.statistic is Statistic.LAST else f".{field.statistic}"
    if PLAIN.fullmatch(field.key) and not NOT_PLAIN.search(field.key):
        return f"{field.entity}.{field.key}{ending}"
    mark = '"' if "`" in field.key else "`"
    return f"{field.entity}.{mark}{field.key}{mark}{ending}"


def unknown_names(formula: Formula, known: Known) -> list[str]:
    """A sentence about each metric, param and tag of a formula that no run has, with what may have been meant."""
    found = []
    for field in formula.fields():
        if said := unknown_name(field, known, _field):
            blank = " Put blanks around an operator." if "/" in field.key or "-" in field.key else ""
            found.append(f"{said}{blank}")
    return found
