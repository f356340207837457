"""The grammar of formulas, in Lark's notation, and what its words are called in messages.

Fields are written as in filters. Names may hold `/`, `-` and `:` here too, so that an operator behind a name needs a
blank before it, unless a statistic or another field's prefix says where the name ends.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark

GRAMMAR = r"""
formula: _expression
_expression: any
?any: all | any OR all -> operation
?all: truth | all AND truth -> operation
?truth: NOT truth -> sign | comparison
?comparison: sum | sum COMPARE sum -> operation
?sum: product | sum SIGN product -> operation
?product: signed | product TIMES signed -> operation
?signed: SIGN signed -> sign | power
?power: _operand | _operand POWER signed -> operation
_operand: number | span | reference | call | group | words
number: NUMBER
span: SPAN
reference: (REFERENCE | NAME) [AT STEP | AT SIGN STEP]
words: SINGLE | DOUBLE
call: FUNCTION LPAR _expression (_COMMA _expression)* RPAR
group: LPAR _expression RPAR

OR.9: /or(?!\w)/i
AND.9: /and(?!\w)/i
NOT.9: /not(?!\w)/i
COMPARE: /<=|>=|!=|==|=|<|>/
SIGN: /[+-]/
POWER.2: "**"
TIMES: /[*\/%]/
AT: "@"
STEP.4: /\d+(?![\w.])/
LPAR: "("
RPAR: ")"
_COMMA: ","

REFERENCE.7: PREFIX "." KEY STATISTIC?
PREFIX: /`?(metrics?|param(eter)?s?|tags?|attr(ibutes?)?|run|datasets?|formulas?)`?/
KEY: /(`[^`]*`|"[^"]*"|\w([\w.]|(?<!\.last)(?<!\.first)(?<!\.min)(?<!\.max)(?<!\.mean)(?<!\.best)(?<!\.count)[\/:-](?=\w)(?!(metrics?|param(eter)?s?|tags?|attr(ibutes?)?|run|formulas?)\.))*)/
STATISTIC: /\.(last|first|min|max|mean|best|count)\b/
FUNCTION.6: /[A-Za-z_]\w*(?=\s*\()/
NAME.1: /(?!(and|or|not)(?!\w))[A-Za-z_]\w*/i
SINGLE: /'[^']*'/
DOUBLE: /"[^"]*"/
SPAN.4: /(\d+(\.\d+)?(ms|w|d|h|m|s))+(?!\w)/i
NUMBER.3: /(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?(?![\w.])/i

%ignore /\s+/
"""  # noqa: E501

AN_OPERAND = "a number, a field such as metrics.loss.min, or a function such as log("
A_STEP = "a step such as 1000"
AN_OPERATOR = "an operator (+, -, *, /, %, **, <, <=, =, !=, >=, >, and, or)"
# What is named in messages: the first that is possible of each line.
NAMES = (
    (("NUMBER",), AN_OPERAND),
    (("POWER", "TIMES", "SIGN"), AN_OPERATOR),
    (("STEP",), A_STEP),
    (("_COMMA",), "a comma"),
    (("RPAR",), "a closing parenthesis"),
    (("$END",), "the end"),
)


@cache
def parser() -> Lark:
    """The parser; made on first use, which takes some hundredths of a second."""
    from lark import Lark

    return Lark(GRAMMAR, start="formula", parser="lalr", maybe_placeholders=False)


def described(expected: set[str]) -> tuple[str, ...]:
    """What could have stood at a place, in words."""
    found = [name for terminals, name in NAMES if expected.intersection(terminals)]
    return tuple(name for name in found if name != AN_OPERATOR or not {AN_OPERAND, A_STEP}.intersection(found))
