"""Reading filters and orders: text to tree, or an error that says where and what was expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeAlias

from runfolio.core.errors import FilterError, at_character
from runfolio.core.filter.build import Builder
from runfolio.core.filter.fields import PREFIXES, RUNS, Subject
from runfolio.core.filter.grammar import A_VALUE, described, is_open_quote, parser, unquoted
from runfolio.core.filter.tree import And, Node, OrderKey

if TYPE_CHECKING:
    from lark import Lark, Token, Tree

#: Says what the terminals that could have stood at a place are called.
Names: TypeAlias = Callable[[set[str]], tuple[str, ...]]

MOST_CHARACTERS = 1_000_000
# A window asks for the tree of its filter many times: so many are kept.
KEPT = 16
WORD = re.compile(r"\w+|\S")
# A name that goes on behind a blank, where an operator was expected: what stands before the blank, and behind it.
BEGUN = re.compile(r"`?(\w+)`?\.([\w/:.-]+\s+)\Z")
REST = re.compile(
    r"[\w/:-][\w/:.-]*(\s+(?!(and|or|not|in|is|i?like|asc|desc|nulls)(?!\w))[\w/:-][\w/:.-]*)*", re.IGNORECASE
)
LONGEST_NAME = 300


def parse_filter(text: str | None, subject: Subject = RUNS) -> Node:
    """The tree of a filter; of an empty one or None, the tree that everything fits.

    Raises:
        FilterError: it cannot be read, or asks for what the subject does not have.
    """
    if text is None or (isinstance(text, str) and not text.strip()):
        return And()
    if not isinstance(text, str):
        raise FilterError(f"A filter is a text, not {type(text).__name__}.", str(text), 0)
    return _filter(text, subject)


@lru_cache(KEPT)
def _filter(text: str, subject: Subject) -> Node:
    return Builder(text, subject).filter(parsed(text, "filter", parser(), described))


def parse_order(text: str, subject: Subject = RUNS) -> OrderKey:
    """One key of an order, such as `metrics.loss DESC`. Raises FilterError."""
    if not isinstance(text, str) or not text.strip():
        raise FilterError("An order needs the name of a field.", str(text), 0, expected=("a field",))
    return Builder(text, subject).order(parsed(text, "order", parser(), described))


def too_slow(text: str, pattern: str) -> FilterError:
    """What is wrong with a filter that can be read: a regular expression in it, to which this points, never ends."""
    tokens = parser().parse_interactive(text, start="filter").exhaust_lexer()
    given = (one for sign, one in pairwise(tokens) if sign.type == "MATCH" and unquoted(one) == pattern)
    token = next(given)
    position = token.start_pos or 0
    message = f"This expression takes too long to look for ({at_character(position)})."
    return FilterError(message, text, position, str(token), hint="Repeat nothing that is repeated itself, as in (a+)+.")


def parsed(text: str, start: str, grammar: Lark, names: Names, most: int = MOST_CHARACTERS) -> Tree[Token]:
    """What a grammar finds in a text of up to so many characters.

    Args:
        start: the grammar's rule to begin with, which is what messages call the text.
        names: what the grammar's terminals are called in messages.

    Raises:
        FilterError: it cannot be read.
    """
    from lark import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    if len(text) > most:
        raise FilterError(f"A {start} has at most {most:,} characters.", text, most)
    try:
        return grammar.parse(text, start=start)
    except UnexpectedToken as error:
        at_end = error.token.type == "$END"
        position, found = (len(text), "") if at_end else (error.token.start_pos or 0, str(error.token))
        raise _syntax_error(text, position, found, _expected(error, start, names), start) from None
    except UnexpectedCharacters as error:
        position = int(error.pos_in_stream or 0)
        found = _word_at(text, position)
        raise _syntax_error(text, position, found, _expected(error, start, names), start) from None
    except UnexpectedInput as error:  # pragma: no cover - Lark has no other kinds today
        raise FilterError(str(error), text, error.pos_in_stream or 0) from None


def _expected(error: Any, start: str, names: Names) -> tuple[str, ...]:
    possible = _possible(error)
    return ("a field",) if start == "order" and "REFERENCE" in possible else names(possible)


def _possible(error: Any) -> set[str]:
    """The terminals that could have followed."""
    if getattr(error, "interactive_parser", None) is not None:
        return set(error.interactive_parser.accepts())
    return set(getattr(error, "expected", None) or getattr(error, "allowed", None) or ())


def _word_at(text: str, position: int) -> str:
    found = WORD.match(text, position)
    return found[0] if found else text[position : position + 1]


def _syntax_error(text: str, position: int, found: str, expected: tuple[str, ...], start: str) -> FilterError:
    if found and is_open_quote(text[position:]) and text[position : position + len(found)] == found[:1] != "":
        message = f"The quote {found} {at_character(position)} is never closed."
        return FilterError(message, text, position, found, ("a closing quote",))
    where = at_character(position) if found else "at its end"
    what = f", not {found!r}" if found else ""
    message = f"The {start} cannot be read {where}: expected {_either(expected)}{what}."
    return FilterError(message, text, position, found, expected, _hint(text, position, found, expected, start))


def _hint(text: str, position: int, found: str, expected: tuple[str, ...], start: str) -> str:
    if found and A_VALUE in expected and re.match(r"\w", found):
        return "Texts are written in quotes."
    if found == "," and start == "order":
        return "Every key of an order is a text of its own."
    return _name_with_blanks(text, position)


def _name_with_blanks(text: str, position: int) -> str:
    """How a name is written that seems to go on here; nothing where a name of another field begins."""
    begun = BEGUN.search(text[max(position - LONGEST_NAME, 0) : position])
    rest = REST.match(text, position, position + LONGEST_NAME)
    if begun is None or rest is None or begun[1] not in PREFIXES or rest[0].partition(".")[0] in PREFIXES:
        return ""
    return f"A name with blanks is written in back-ticks: {begun[1]}.`{begun[2]}{rest[0]}`."


def _either(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) > 1 else "".join(names) or "nothing more"
