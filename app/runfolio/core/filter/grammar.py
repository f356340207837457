"""The grammar of filters and of orders, in Lark's notation, and what its words are called in messages.

It takes in MLflow's (`mlflow/utils/search_utils.py`): there `and` is the only connective and may be left out or be
repeated, strings end at their quote without any way to escape it, and keys are quoted with backticks or double quotes.
To those come `or`, `not`, parentheses, `~`, dates and spans, `has(...)`, `check:...`, `@` with a step, free words, and
e'...' with backslash escapes.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark, Token

# A sign that is no letter and no operator, be it one of other scripts: a picture, say.
SYMBOL = r"[^\s\x00-\x9f\u2010-\u205e\u2200-\u22ff×÷«»¬]"

GRAMMAR = r"""
filter: [disjunction]
disjunction: conjunction (_OR conjunction)*
conjunction: (AND | _condition)+
_condition: negation | group | comparison | listing | presence | existence | finding | words
negation: NOT _condition
group: LPAR disjunction RPAR
comparison: operand (COMPARE | LIKE | NOT_LIKE | MATCH) _value
listing: operand (IN | NOT_IN) LPAR _value ("," _value)* [","] RPAR
presence: operand (IS_NULL | IS_NOT_NULL)
existence: HAS LPAR operand RPAR
finding: CHECK
words: NAME | SINGLE | DOUBLE | ESCAPED
operand: (REFERENCE | NAME | BACKTICKED | DOUBLE) [AT STEP]
_value: NUMBER | SINGLE | DOUBLE | ESCAPED | SPAN | moment
moment: (NOW | TODAY | DATE) (SHIFT SPAN)*

order: operand [ASC | DESC] [NULLS_FIRST | NULLS_LAST]

AND.9: /and(?![\w.\/:-])/i
_OR.9: /or(?![\w.\/:-])/i
NOT.8: /not(?![\w.\/:-])/i
NOT_IN.9: /not\s+in\b/i
NOT_LIKE.9: /not\s+i?like\b/i
IN.9: /in\b/i
LIKE.9: /i?like\b/i
IS_NULL.9: /is\s+null\b/i
IS_NOT_NULL.9: /is\s+not\s+null\b/i
CHECK.9: /check:[\w-]*/i
HAS.9: /has(?=\s*\()/i
ASC.9: /asc\b/i
DESC.9: /desc\b/i
NULLS_FIRST.9: /nulls\s+first\b/i
NULLS_LAST.9: /nulls\s+last\b/i
NOW.9: /now\b/i
TODAY.9: /today\b/i
COMPARE: /<=|>=|!=|<>|==|=|<|>/
MATCH.2: /!?~/
SHIFT: /[+-]/
AT: "@"
STEP.4: /[+-]?\d+(?![\w.])/
LPAR: "("
RPAR: ")"

REFERENCE.7: PREFIX "." KEY STATISTIC?
PREFIX: /`?(metrics?|param(eter)?s?|tags?|attr(ibutes?)?|run|experiment|datasets?|checks?|formulas?)`?/
KEY: /(`[^`]*`|"[^"]*"|[\w\/:-][\w.\/:-]*)/
STATISTIC: /\.(last|first|min|max|mean|best|count)\b/
NAME.1: /(?!(and|or|not|in|i?like)(?![\w.\/:-]))(\w|SYMBOL)([\w.\/:-]|SYMBOL)*/i
BACKTICKED: /`[^`]*`/
SINGLE: /'(''|[\\]'|[^'])*'/
DOUBLE: /"(""|[\\]"|[^"])*"/
ESCAPED.7: /e'(\\.|[^'\\])*'/is
DATE.5: /\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?(?![\w.])/i
SPAN.4: /(\d+(\.\d+)?(ms|w|d|h|m|s))+\b/i
NUMBER.3: /[+-]?((\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|inf(inity)?|nan)(?![\w.])/i

%ignore /\s+/
""".replace("SYMBOL", SYMBOL)

A_CONDITION = "a condition such as metrics.loss < 0.1"
A_VALUE = "a value: a number, a text in quotes, a date or a span"
CONDITION = ("REFERENCE", "NAME", "BACKTICKED", "NOT", "HAS")
# What is named in messages: the first that is possible of each line.
NAMES = (
    (CONDITION, A_CONDITION),
    (("COMPARE", "IN", "LIKE"), "an operator (=, !=, <, <=, >, >=, like, ilike, in, ~, is null)"),
    (("NUMBER",), A_VALUE),
    (("AND",), "and"),
    (("_OR",), "or"),
    (("ASC",), "asc or desc"),
    (("NULLS_FIRST",), "nulls first or nulls last"),
    (("SPAN",), "a span such as 7d or 2h"),
    (("STEP",), "a step such as 1000"),
    (("COMMA",), "a comma"),
    (("LPAR",), "an opening parenthesis"),
    (("RPAR",), "a closing parenthesis"),
    (("$END",), "the end"),
)


@cache
def parser() -> Lark:
    """The parser of both; made on first use, which takes some hundredths of a second."""
    from lark import Lark

    return Lark(GRAMMAR, start=["filter", "order"], parser="lalr", maybe_placeholders=False)


def described(expected: set[str]) -> tuple[str, ...]:
    """What could have stood at a place, in words."""
    found = [name for terminals, name in NAMES if expected.intersection(terminals)]
    if "and" in found and "or" in found:
        # MLflow lets a condition follow without `and`; naming the connectives says enough.
        found = [name for name in found if name != A_CONDITION]
    elif "and" in found:
        found.remove("and")
    implied = {"an opening parenthesis": {A_CONDITION, "and"}, "a span such as 7d or 2h": {A_VALUE}}
    found = [name for name in found if not implied.get(name, set()).intersection(found)]
    return tuple(found)


def is_open_quote(text: str) -> bool:
    """Whether a text that is no word begins with a quote, which then has no end."""
    return text[:1] in ("'", '"', "`") or text[:2].lower() == "e'"


def unquoted(token: Token) -> str:
    """The text of a quoted word or of a bare one."""
    text = str(token)
    if token.type == "ESCAPED":
        return re.sub(r"\\(.)", r"\1", text[2:-1], flags=re.DOTALL)
    return text[1:-1] if token.type in ("SINGLE", "DOUBLE", "BACKTICKED") else text
