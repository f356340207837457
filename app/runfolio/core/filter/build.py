"""From what the grammar found to the typed tree: names, kinds and values are checked here, with their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from runfolio.core import patterns, rules
from runfolio.core.check_names import NAMES as CHECKS
from runfolio.core.errors import FilterError, at_character
from runfolio.core.filter.fields import (
    DATASET_KEYS,
    EQUALITY,
    LISTS,
    NOTES,
    ORDERING,
    PATTERN,
    PREFIXES,
    Kind,
    Subject,
    kind_of,
    operators_of,
    prefixed,
    split_statistic,
)
from runfolio.core.filter.grammar import unquoted
from runfolio.core.filter.times import instant, seconds_ms, span_ms
from runfolio.core.filter.tree import (
    And,
    Comparison,
    Entity,
    Field,
    Moment,
    Node,
    Not,
    Operator,
    Or,
    OrderKey,
    Presence,
    Statistic,
    Value,
    Words,
)
from runfolio.core.filter.write import field_text
from runfolio.core.states import NOTE

if TYPE_CHECKING:
    from lark import Token, Tree

    Item: TypeAlias = Tree[Token] | Token

DEEPEST = 50
MOST_CONDITIONS = 500
MOST_VALUES = 30_000
MOST_PATTERN = 1_000
FURTHEST = 1 << 63
# Up to here a float counts every whole number.
COUNTED, WHOLE = 1 << 53, re.compile(r"[+-]?\d{1,300}")
SPELLINGS = {"==": "=", "<>": "!="}


class Builder:
    """Makes the tree of one text."""

    def __init__(self, text: str, subject: Subject) -> None:
        self._text = text
        self._subject = subject
        self._depth = self._conditions = self._values = 0

    def filter(self, tree: Tree[Token]) -> Node:
        """The tree of a filter."""
        return self._disjunction(tree.children[0])

    def order(self, tree: Tree[Token]) -> OrderKey:
        """One key of an order."""
        words = {token.type for token in tree.children[1:] if isinstance(token, str)}
        field = self.operand(tree.children[0])
        if field.entity in (Entity.DATASET, Entity.CHECK):
            raise self.wrong(
                tree.children[0], f"Nothing can be ordered by {field.entity}, of which a run may have several."
            )
        return OrderKey(field, "DESC" in words, "NULLS_FIRST" in words)

    def _disjunction(self, tree: Any) -> Node:
        parts = tuple(self._conjunction(part, len(tree.children) > 1) for part in tree.children)
        return parts[0] if len(parts) == 1 else Or(parts)

    def _conjunction(self, tree: Any, one_of_several: bool) -> Node:
        parts = tuple(self._condition(part) for part in tree.children if not isinstance(part, str))
        if not parts and (one_of_several or self._depth):
            raise self.wrong(tree.children[0], "There is no condition beside this 'and'.")
        return parts[0] if len(parts) == 1 else And(parts)

    def _condition(self, tree: Any) -> Node:
        self._conditions += tree.data not in ("negation", "group")
        if self._conditions > MOST_CONDITIONS:
            raise self.wrong(tree, f"A filter has at most {MOST_CONDITIONS} conditions.", "Lists, as in, count as one.")
        made: Node = getattr(self, f"_{tree.data}")(tree)
        return made

    def _negation(self, tree: Any) -> Node:
        with_in = self._deeper(tree.children[0])
        part = self._condition(tree.children[1])
        self._depth = with_in - 1
        return Not(part)

    def _group(self, tree: Any) -> Node:
        with_in = self._deeper(tree.children[0])
        part = self._disjunction(tree.children[1])
        self._depth = with_in - 1
        return part

    def _deeper(self, token: Token) -> int:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.wrong(token, f"A filter is nested at most {DEEPEST} deep.")
        return self._depth

    def _words(self, tree: Any) -> Node:
        token = tree.children[0]
        text = self._limited(token, unquoted(token))
        if token.type == "NAME" and text.endswith(".") and text[:-1].lower() in PREFIXES:
            raise self.wrong(token, f"A name is missing after {text!r}.", "In quotes it is searched for as a text.")
        self._check_pattern(token, text, Operator.ILIKE)
        return Words(text)

    def _finding(self, tree: Any) -> Node:
        token = tree.children[0]
        return Presence(self._check(token, token.partition(":")[2]))

    def _check(self, token: Token, name: str) -> Field:
        if name not in CHECKS:
            near = get_close_matches(name, CHECKS, 1)
            hint = f"Did you mean {near[0]}?" if near else ""
            raise self.wrong(token, f"There is no check {name!r}.", hint, CHECKS)
        return Field(Entity.CHECK, name)

    def _existence(self, tree: Any) -> Node:
        return self._present(tree.children[2], True)

    def _presence(self, tree: Any) -> Node:
        return self._present(tree.children[0], tree.children[1].type == "IS_NOT_NULL")

    def _present(self, operand: Any, present: bool) -> Node:
        return Presence(self.operand(operand), present)

    def _comparison(self, tree: Any) -> Node:
        operand, sign, value = tree.children
        field, operator = self.operand(operand), self._operator(operand, sign)
        return Comparison(field, operator, self._value(field, operator, value))

    def _listing(self, tree: Any) -> Node:
        operand, sign, *rest = tree.children
        field, operator = self.operand(operand), self._operator(operand, sign)
        found = [(self._value(field, operator, item), item) for item in rest if _is_value(item)]
        texts = tuple(value for value, _ in found if isinstance(value, str))
        numbers = tuple(value for value, _ in found if isinstance(value, int | float))
        if texts and numbers:
            odd = next(item for value, item in found if isinstance(value, str) != isinstance(found[0][0], str))
            raise self.wrong(odd, "The values of a list must all be texts or all be numbers.")
        return Comparison(field, operator, texts or numbers)

    def _operator(self, operand: Any, sign: Token) -> Operator:
        word = re.sub(r"\s+", " ", sign.lower())
        operator = Operator(SPELLINGS.get(word, word))
        kind = kind_of(self._subject, self.operand(operand))
        allowed = operators_of(kind)
        if operator not in allowed:
            what = {Kind.TEXT: "a text", Kind.TIME: "a time", Kind.SPAN: "a span of time"}.get(kind, "a number")
            raise self.wrong(sign, f"{_text_of(operand)} is {what}, for which there is no {word!r}.", expected=allowed)
        return operator

    def _value(self, field: Field, operator: Operator, item: Item) -> Value:
        self._values += 1
        if self._values > MOST_VALUES:
            raise self.wrong(item, f"A filter has at most {MOST_VALUES:,} values.")
        value = self._plain_value(item)
        kind = kind_of(self._subject, field)
        checked: Value = getattr(self, f"_{kind}_value")(item, value, operator)
        return checked

    def _plain_value(self, item: Item) -> str | float | int | Moment:
        """A text as str, a number as float, a span as int."""
        if not isinstance(item, str):
            return self._moment(item)
        if item.type == "NUMBER":
            return float(item)
        return span_ms(item) if item.type == "SPAN" else self._limited(item, unquoted(item))

    def _limited(self, token: Token, text: str) -> str:
        if "\0" in text or rules.text(text) != text:
            raise self.wrong(token, "A text in a filter may not hold characters that no stored text has.")
        return text

    def _text_value(self, item: Item, value: Any, operator: Operator) -> Value:
        if not isinstance(value, str):
            raise self.wrong(item, "This field is a text and compared with a text in quotes.", expected=("a text",))
        if operator in PATTERN:
            self._check_pattern(item, value, operator)
        return value

    def _check_pattern(self, item: Item, value: str, operator: Operator) -> None:
        if len(value) > MOST_PATTERN:
            raise self.wrong(item, f"A pattern has at most {MOST_PATTERN:,} characters.")
        if operator in (Operator.MATCHES, Operator.NOT_MATCHES):
            try:
                patterns.check(value)
            except ValueError as error:
                raise self.wrong(item, f"This is no regular expression: {error}.") from None

    def _either_value(self, item: Item, value: Any, operator: Operator) -> Value:
        if isinstance(value, float) and operator not in PATTERN:
            return _exact(item, value) if operator in EQUALITY else value
        if operator in PATTERN or (isinstance(value, str) and operator not in ORDERING):
            return self._text_value(item, value, operator)
        raise self.wrong(item, "Less and greater compare params and tags with a number.", expected=("a number",))

    def _number_value(self, item: Item, value: Any, operator: Operator) -> Value:
        if isinstance(value, float):
            return value
        hint = "Write it without quotes." if isinstance(value, str) else ""
        raise self.wrong(item, "This field is a number and compared with a number.", hint, ("a number",))

    def _time_value(self, item: Item, value: Any, operator: Operator) -> Value:
        if isinstance(value, str):
            value = instant(value)
        if isinstance(value, float) or (isinstance(value, Moment) and operator not in LISTS):
            return value
        expected = ("epoch milliseconds", "a date such as 2025-01-31", "now - 7d")
        raise self.wrong(item, "This field is a time and compared with a time.", f"Such as {expected[2]}.", expected)

    def _span_value(self, item: Item, value: Any, operator: Operator) -> Value:
        if isinstance(value, int | float):
            return float(value) if isinstance(value, int) else seconds_ms(value)
        expected = ("a span such as 2h or 1h30m", "seconds")
        raise self.wrong(
            item, "This field is a span of time and compared with one.", "Such as 2h, or a number of seconds.", expected
        )

    def _moment(self, tree: Any) -> Moment | float:
        base, *shifts = tree.children
        offset = sum(
            (-1 if sign == "-" else 1) * span_ms(span) for sign, span in zip(shifts[::2], shifts[1::2], strict=True)
        )
        if base.type == "DATE":
            date = instant(str(base))
            if date is None:
                raise self.wrong(base, f"There is no such day or time: {base}.")
            return date + offset
        return Moment("now" if base.type == "NOW" else "today", offset)

    def operand(self, tree: Any) -> Field:
        """The field that a word names. Raises FilterError."""
        token, *rest = tree.children
        field = self._reference(token) if token.type == "REFERENCE" else self._attribute(token, unquoted(token))
        return self._at_step(field, token, rest) if rest else field

    def _at_step(self, field: Field, token: Token, rest: list[Token]) -> Field:
        """The value of a metric at a step, which a sign and a whole number say."""
        if field.entity is not Entity.METRIC:
            raise self.wrong(rest[0], f"Only metrics have values at steps, {token} has none.")
        if self._subject.last_only:
            raise self.wrong(rest[0], f"Of their metrics {self._subject.name} have the last value alone.")
        if field.statistic is not Statistic.LAST or field.loose:
            whole = field_text(Field(Entity.METRIC, f"{field.key}.{field.statistic}"))
            hint = f"Write {whole} if that is the metric's name."
            raise self.wrong(
                rest[0], f"The value at a step is one value, of which there is no {field.statistic}.", hint
            )
        step = int("".join(rest[1:]))
        if not -FURTHEST <= step < FURTHEST:
            raise self.wrong(rest[-1], "No run has so great a step.")
        return replace(field, step=step)

    def _reference(self, token: Token) -> Field:
        entity, rest = prefixed(token), str(token).partition(".")[2]
        if entity not in self._subject.entities:
            raise self.wrong(token, f"{self._subject.name.capitalize()} have no {entity}.", expected=self._known())
        quoted = rest[0] in '`"'
        key, _, ending = rest[1:].rpartition(rest[0]) if quoted else (rest, "", "")
        if not key:
            raise self.wrong(token, "The name is empty.", expected=("a name",))
        if entity is Entity.ATTRIBUTE:
            return self._attribute(token, key + ending)
        if entity is Entity.METRIC:
            return self._metric(token, key, ending, quoted)
        if ending:
            raise self.wrong(token, "Only metrics have statistics.")
        if entity is Entity.CHECK:
            return self._check(token, key)
        if entity is Entity.FORMULA:
            return self._formula(token, key)
        if entity is Entity.DATASET and key not in DATASET_KEYS:
            raise self.wrong(token, f"Datasets have no {key!r}.", expected=DATASET_KEYS)
        return Field(entity, self._limited(token, key))

    def _metric(self, token: Token, key: str, ending: str, quoted: bool) -> Field:
        name = self._limited(token, key)
        if not self._subject.last_only:
            return _metric(name, ending, quoted)
        if ending:
            raise self.wrong(token, f"Of their metrics {self._subject.name} have the last value alone.")
        return Field(Entity.METRIC, name)

    def _formula(self, token: Token, name: str) -> Field:
        known = self._subject.formulas
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = field_text(Field(Entity.FORMULA, near[0])) if near else ""
            hint = f"Did you mean {meant}?" if near else "Formula columns belong to how runs are looked at."
            raise self.wrong(token, f"There is no formula column {name!r}.", hint, known)
        return Field(Entity.FORMULA, name)

    def _attribute(self, token: Token, name: str) -> Field:
        proper = self._subject.attribute(name)
        if proper is not None:
            return Field(Entity.ATTRIBUTE, proper)
        if name in NOTES:
            return Field(Entity.TAG, NOTE)
        near = get_close_matches(name, self._known(), 1)
        hint = f"Did you mean {near[0]}?" if near else ""
        if not near and "." not in name and Entity.PARAM in self._subject.entities:
            hint = f"Params, metrics and tags have a prefix: params.{token}."
        raise self.wrong(token, f"{self._subject.name.capitalize()} have no attribute {name!r}.", hint, self._known())

    def _known(self) -> tuple[str, ...]:
        return (*self._subject.attributes, NOTES[0])

    def wrong(self, item: Item, message: str, hint: str = "", expected: tuple[str, ...] = ()) -> FilterError:
        """An error that points at a word, or at what was made of several."""
        tokens = list(_tokens(item))
        start, end = tokens[0].start_pos or 0, tokens[-1].end_pos or 0
        whole = f"{message[:-1]} ({at_character(start)})."
        return FilterError(whole, self._text, start, self._text[start:end], tuple(map(str, expected)), hint)


def _metric(key: str, ending: str, quoted: bool) -> Field:
    if quoted:
        return Field(Entity.METRIC, key, Statistic(ending[1:]) if ending else Statistic.LAST)
    parts = split_statistic(key)
    return Field(Entity.METRIC, key) if parts is None else Field(Entity.METRIC, *parts, loose=True)


def _exact(item: Any, value: float) -> float:
    """A number as it is written: a whole one that is greater than a float counts is an int."""
    return int(item) if abs(value) > COUNTED and WHOLE.fullmatch(item) else value


def _is_value(item: Any) -> bool:
    return getattr(item, "type", "moment") not in ("LPAR", "RPAR", "COMMA")


def _tokens(item: Any) -> Iterator[Token]:
    """The words that something was made of, in order."""
    if not isinstance(item, str):
        for child in item.children:
            yield from _tokens(child)
    else:
        yield cast("Token", item)


def _text_of(item: Any) -> str:
    return " ".join(map(str, _tokens(item)))
