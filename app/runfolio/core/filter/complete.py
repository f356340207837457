"""What can be typed next in a filter: the word at the cursor, what the grammar takes there, and proposals for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from runfolio.core.check_names import NAMES, TITLES
from runfolio.core.errors import FilterError
from runfolio.core.filter.fields import DATASET_KEYS, NOTES, RUNS, Kind, Subject, kind_of, operators_of, split_statistic
from runfolio.core.filter.grammar import parser
from runfolio.core.filter.parse import parse_filter, parse_order
from runfolio.core.filter.tree import Entity, Field, Operator, Statistic
from runfolio.core.filter.write import BARE_KEY, field_text, quoted
from runfolio.core.system_tags import is_system_tag

if TYPE_CHECKING:
    from lark import Token

# A text that is closed, or what can be a word at the end: an open text, or a name, a part of which may be in quotes.
PIECE = re.compile(
    r"""
      e'(\\.|[^'\\])*' | '(''|\\'|[^'])*' | (?<![.\w])"(""|\\"|[^"])*"
    | (?P<word> e?'.* | (?<![.\w])".* | ([\w./:-]*(`[^`]*(`[\w.]*|\Z) | (?<=\.)"[^"]*("[\w.]*|\Z)))+ | [\w./:-]+ )
    | .
    """,
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
OPERANDS, COMPARATORS = ("REFERENCE", "NAME", "BACKTICKED"), ("COMPARE", "LIKE", "NOT_LIKE", "MATCH", "IN", "NOT_IN")
OPENING, JOINING = ("AND", "_OR", "NOT", "LPAR"), {"AND", "_OR"}
PARTS = re.compile(r"[./_'\"` -]+")
# What proposals say of attributes, where more than the word helps.
DETAILS = {Kind.TIME: "time, as in now - 7d", Kind.SPAN: "seconds, or a span such as 2h"}
TEXT, QUOTES = re.compile(r"e?'|\""), re.compile("['\"`]")
TIMES = ("now - 1h", "now - 1d", "now - 7d", "today", "today - 1w")
SPANS = ("30s", "5m", "1h", "1d")
MOST = 200


@dataclass(frozen=True, slots=True)
class Place:
    """What belongs at a cursor.

    Attributes:
        start: where the word at the cursor begins.
        word: it, up to the cursor.
        takes: the grammar's terminals that make sense there.
        field: the field that an operator or a value belongs to, if there is one.
    """

    start: int
    word: str
    takes: frozenset[str]
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The names that there are to ask for."""

    metrics: Sequence[str] = ()
    params: Sequence[str] = ()
    tags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """What can take the place of the word, and what it is."""

    text: str
    detail: str = ""


class Proposals(NamedTuple):
    """Where the word at a cursor begins, and what can take its place; `whole` if nothing has to."""

    start: int
    found: list[Proposal]
    whole: bool = False


ValuesOf: TypeAlias = Callable[[Field], Sequence[str]]
#: What is proposed at a cursor of a text, given the names that there are and who knows a field's values.
Complete: TypeAlias = Callable[[str, int, Known, ValuesOf], Proposals]


def complete(text: str, cursor: int, known: Known, values_of: ValuesOf, subject: Subject = RUNS) -> Proposals:
    """What can be typed at a cursor of a filter."""
    place = place_at(text, cursor, subject)
    field = wanted_values(place)
    found = proposals(place, known, () if field is None else values_of(field), subject)
    return Proposals(place.start, found, _is_whole(text[:cursor], place, subject))


def _is_whole(before: str, place: Place, subject: Subject) -> bool:
    """Whether a condition ends at a place, be it one that has a longer value too; a word alone may become a field."""
    if not place.word:
        return "_OR" in place.takes
    if wanted_values(place) is None:
        return False
    try:
        parse_filter(before, subject)
    except FilterError:
        return False
    return True


def place_at(text: str, cursor: int, subject: Subject = RUNS) -> Place:
    """What belongs at a cursor of a filter; nothing where what stands before cannot be read."""
    from lark import UnexpectedInput

    before = text[:cursor]
    start = word_start(before)
    state = parser().parse_interactive(before[:start], start="filter")
    try:
        tokens = list(state.exhaust_lexer())
    except UnexpectedInput:
        return Place(start, before[start:], frozenset())
    takes: set[str] = state.accepts()  # type: ignore[no-untyped-call]
    if tokens and tokens[-1].type in OPENING:
        takes -= JOINING  # MLflow lets an `and` be repeated, which says nothing
    return Place(start, before[start:], frozenset(takes), _field_before(tokens, subject))


def word_start(before: str) -> int:
    """Where the word at the end begins: at an open text's quote, or at a name, which may have quotes within."""
    pieces = [*PIECE.finditer(before)]
    return pieces[-1].start() if pieces and pieces[-1]["word"] is not None else len(before)


def _field_before(tokens: Sequence[Token], subject: Subject) -> Field | None:
    """The field that is being compared: the last operand, unless a connective came after it."""
    for token in reversed(tokens):
        if token.type in OPERANDS:
            try:
                return parse_order(str(token), subject).field
            except FilterError:
                return None
        if token.type in OPENING[:3]:
            return None
    return None


def wanted_values(place: Place) -> Field | None:
    """The field whose values can stand at a place, if any can."""
    return place.field if "SINGLE" in place.takes and "NUMBER" in place.takes else None


def proposals(place: Place, known: Known, values: Iterable[str] = (), subject: Subject = RUNS) -> list[Proposal]:
    """What can be typed at a place, those first that begin like the word, then those with a part that does."""
    return ranked(_all(place, known, values, subject), place.word)


def ranked(every: Iterable[Proposal], typed: str) -> list[Proposal]:
    """Those with a word in them, the best first; not what is typed already. Names are found without their quotes."""
    word, is_text = _bare(typed), bool(TEXT.match(typed))
    found = [one for one in dict.fromkeys(every) if word in _bare(one.text)]
    if is_text:
        found = [one for one in found if TEXT.match(one.text)]
    found.sort(key=lambda one: _rank(_bare(one.text), word))
    return [one for one in found if one.text != typed][:MOST]


def _bare(text: str) -> str:
    return QUOTES.sub("", text.lower())


def _rank(text: str, word: str) -> int:
    if text.startswith(word):
        return 0
    return 1 if any(part.startswith(word) for part in PARTS.split(text)) else 2


def _all(place: Place, known: Known, values: Iterable[str], subject: Subject) -> Iterator[Proposal]:
    if "COMPARE" in place.takes and place.field is not None:
        yield from _operators(kind_of(subject, place.field))
        if "AT" in place.takes and place.field.entity is Entity.METRIC:
            yield Proposal("@", "the value at a step")
    if "_OR" in place.takes:
        yield from (Proposal("and"), Proposal("or"))
    if wanted_values(place) is not None:
        yield from _values(place, values, subject)
    if "REFERENCE" in place.takes:
        found = _fields(known, subject)
        # Where a field alone can stand, it is asked whether there is one; an attribute is there as a rule.
        yield from found if "NOT" in place.takes else sorted(found, key=lambda one: one.detail != str(Entity.TAG)[:-1])
    if "CHECK" in place.takes and Entity.CHECK in subject.entities:
        yield from (Proposal(f"check:{name}", TITLES.get(name, "anything found")) for name in NAMES)
    if "NOT" in place.takes:
        yield from (Proposal("not"), Proposal("has("))


def _operators(kind: Kind) -> Iterator[Proposal]:
    names = {Operator.MATCHES: "a regular expression", Operator.LIKE: "% is anything", Operator.IN: "a list"}
    for operator in operators_of(kind):
        text = f"{operator} (" if operator in (Operator.IN, Operator.NOT_IN) else str(operator)
        yield Proposal(text, names.get(operator, ""))
    yield from (Proposal("is null", "the run has none"), Proposal("is not null", "the run has one"))


def _values(place: Place, values: Iterable[str], subject: Subject) -> Iterator[Proposal]:
    assert place.field is not None
    kind = kind_of(subject, place.field)
    if kind in (Kind.TIME, Kind.SPAN):
        yield from map(Proposal, TIMES if kind is Kind.TIME else SPANS)
        return
    for value in values:
        number = kind is not Kind.TEXT and _is_number(value)
        if number or kind is not Kind.NUMBER:
            yield Proposal(value if number else quoted(value))


def _fields(known: Known, subject: Subject) -> Iterator[Proposal]:
    """The user's own names first, then what every run has, then what is asked for seldom."""
    runs = Entity.METRIC in subject.entities
    metrics, params = (known.metrics, known.params) if runs else ((), ())
    own = [name for name in known.tags if not is_system_tag(name)]
    yield from (*_named(Entity.METRIC, metrics), *_named(Entity.PARAM, params), *_named(Entity.TAG, own))
    yield from (Proposal(name, DETAILS.get(kind, str(kind))) for name, kind in subject.attributes.items())
    yield Proposal(NOTES[0], "the description")
    yield from _named(Entity.FORMULA, subject.formulas)
    yield from _named(Entity.DATASET, DATASET_KEYS if runs else ())
    yield from _named(Entity.TAG, filter(is_system_tag, known.tags))
    for name in metrics:
        rest = (one for one in Statistic if one is not Statistic.LAST)
        bare = bool(BARE_KEY.fullmatch(name)) and split_statistic(name) is None
        yield from (Proposal(field_text(Field(Entity.METRIC, name, one, bare)), "metric") for one in rest)


def _named(entity: Entity, names: Iterable[str]) -> Iterator[Proposal]:
    return (Proposal(field_text(Field(entity, name)), str(entity)[:-1]) for name in names)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
