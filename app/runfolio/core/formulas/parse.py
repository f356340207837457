"""Reading formulas: text to tree, or an error that says where and what was expected."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from runfolio.core.errors import FilterError
from runfolio.core.filter.build import Builder
from runfolio.core.filter.fields import RUNS, Kind, kind_of, prefixed
from runfolio.core.filter.parse import parsed
from runfolio.core.filter.times import span_ms
from runfolio.core.filter.tree import Entity
from runfolio.core.formulas.functions import FUNCTIONS
from runfolio.core.formulas.grammar import described, parser
from runfolio.core.formulas.tree import Expression, Formula, Number, Operation, Reference

if TYPE_CHECKING:
    from lark import Token

MOST_CHARACTERS = 2_000
# This many signs, functions and parentheses; it bounds the depth of the tree too.
MOST_OPERATIONS = 100
NUMERIC = tuple(
    name for name, kind in RUNS.attributes.items() if kind in (Kind.NUMBER, Kind.TIME, Kind.SPAN)
)  # fmt: skip
SPELLINGS = {"==": "="}


def parse_formula(text: str) -> Formula:
    """The formula of a text.

    Raises:
        FilterError: it cannot be read, or computes with what is no number.
    """
    if not text.strip():
        raise FilterError("The formula is empty.", text, 0, expected=("a formula such as metrics.acc / duration",))
    tree = parsed(text, "formula", parser(), described, MOST_CHARACTERS)
    return Formula(text, _Reader(text).expression(tree.children[0]))


class _Reader:
    """Makes the tree of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._builder = Builder(text, RUNS)
        self._operations = 0

    def expression(self, tree: Any) -> Expression:
        made: Expression = getattr(self, f"_{tree.data}")(tree)
        return made

    def _any(self, tree: Any) -> Expression:
        return self.expression(tree.children[0])

    def _number(self, tree: Any) -> Expression:
        return Number(float(tree.children[0]))

    def _span(self, tree: Any) -> Expression:
        return Number(span_ms(tree.children[0]) / 1000)

    def _reference(self, tree: Any) -> Expression:
        word = tree.children[0]
        if word.type == "REFERENCE" and prefixed(word) is Entity.FORMULA:
            raise self._builder.wrong(tree, "Formulas cannot use other formulas.", "Write out what that one computes.")
        field = self._builder.operand(tree)
        if field.entity is Entity.DATASET:
            raise self._builder.wrong(tree, "A formula computes with numbers, which datasets have none of.")
        if field.entity is Entity.ATTRIBUTE and field.key not in NUMERIC:
            what = kind_of(RUNS, field)
            raise self._builder.wrong(tree, f"A formula computes with numbers; {field.key} is a {what}.", "", NUMERIC)
        return Reference(field, self._whole(tree))

    def _words(self, tree: Any) -> Expression:
        raise self._builder.wrong(tree, "A formula computes with numbers and knows no texts.", "", ("a number",))

    def _call(self, tree: Any) -> Expression:
        name, left, *parts, right = tree.children
        self._count(left)
        function = FUNCTIONS.get(name.lower())
        if function is None:
            near = get_close_matches(name.lower(), FUNCTIONS, 1)
            hint = f"Did you mean {near[0]}?" if near else ""
            raise self._builder.wrong(name, f"There is no function {str(name)!r}.", hint, tuple(FUNCTIONS))
        if not function.least <= len(parts) <= function.most:
            raise self._builder.wrong(name, f"{name} takes {_count(function.least, function.most)}.")
        return Operation(name.lower(), self._several(parts), self._between(name, right))

    def _group(self, tree: Any) -> Expression:
        self._count(tree.children[0])
        return self.expression(tree.children[1])

    def _sign(self, tree: Any) -> Expression:
        sign, part = tree.children
        self._count(sign)
        name = {"-": "negative", "+": "positive"}.get(str(sign), "not")
        return Operation(name, self._several([part]), self._whole(tree))

    def _operation(self, tree: Any) -> Expression:
        left, sign, right = tree.children
        self._count(sign)
        name = sign.lower()
        return Operation(SPELLINGS.get(name, name), self._several([left, right]), self._whole(tree))

    def _several(self, parts: list[Any]) -> tuple[Expression, ...]:
        return tuple(self.expression(part) for part in parts)

    def _count(self, token: Token) -> None:
        self._operations += 1
        if self._operations > MOST_OPERATIONS:
            raise self._builder.wrong(token, f"A formula has at most {MOST_OPERATIONS} operations.")

    def _whole(self, tree: Any) -> str:
        tokens = [token for token in tree.scan_values(lambda _: True)]
        return self._between(tokens[0], tokens[-1])

    def _between(self, first: Token, last: Token) -> str:
        return " ".join(self._text[first.start_pos or 0 : last.end_pos].split())


def _count(least: int, most: int) -> str:
    if least == most:
        return "one number" if least == 1 else f"{least} numbers"
    return f"{least} or {most} numbers" if most == least + 1 else f"{least} number or more"
