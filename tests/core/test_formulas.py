"""Formulas: what they compute, compared with plain Python; what is said of wrong ones; what is proposed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import FilterError
from runfolio.core.filter.complete import Known
from runfolio.core.filter.tree import Entity, Field, Statistic
from runfolio.core.formulas import Fault, Given, Result, evaluate, parse_formula
from runfolio.core.formulas.complete import place_at, proposals, unknown_names
from runfolio.core.formulas.functions import FUNCTIONS
from runfolio.core.formulas.tree import Expression, Number, Operation, Reference

KNOWN = Known(
    ["loss", "val/acc", "val loss", "loss.min", "system/cpu"], ["lr", "batch-size"], ["kaggle", "mlflow.user"]
)


def computed(text: str, **values: float | None) -> Result:
    """A formula for one run; `m_loss` is metrics.loss, `p_lr` params.lr; None is none."""
    prefixes = {"m": Entity.METRIC, "p": Entity.PARAM, "t": Entity.TAG, "a": Entity.ATTRIBUTE}
    named = {(prefixes[name[0]], name[2:]): value for name, value in values.items()}
    formula = parse_formula(text)
    found = {}
    for field in formula.fields():
        value = named.get((field.entity, field.key))
        fault = Fault.MISSING if value is None else Fault.NONE if math.isfinite(value) else Fault.NOT_FINITE
        found[field] = Given(np.array([math.nan if value is None else value]), np.array([fault], np.int8))
    return evaluate(formula, found, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metrics.loss.best / duration", 0.25),
        ("metrics.loss/params.lr", 5.0),
        ("metrics.loss - params.lr * 10", -0.5),
        ("-2 ** 2", -4.0),
        ("2 ** 3 ** 2", 512.0),
        ("2 ** -1", 0.5),
        ("7 % 4 + -7 % 4", 4.0),
        ("7 - 4 - 1", 2.0),
        ("(7 - (4 - 1))", 4.0),
        ("log(exp(3))", 3.0),
        ("log10(1000) + log2(8)", 6.0),
        ("sqrt(abs(0 - 16))", 4.0),
        ("max(1, metrics.loss, 3) * min(4, 2)", 6.0),
        ("round(2.345, 2)", 2.35),
        ("round(2.6)", 3.0),
        ("coalesce(metrics.gone, params.gone, 7)", 7.0),
        ("if(metrics.loss < 1, 10, 20)", 10.0),
        ("if(metrics.loss < 1 and not params.lr >= 1 or 0, 10, metrics.gone)", 10.0),
        ("(metrics.loss = 0.5) + (2 != 2) + (3 <= 3)", 2.0),
        ("IF(1 > 2, 1, 2)", 2.0),
        ("duration / 1h", 2 / 3600),
        ("1h30m", 5400.0),
        ("tags.kaggle * 100", 80.0),
        ("1e3 + .5", 1000.5),
    ],
)
def test_a_formula_computes(text: str, expected: float) -> None:
    found = computed(text, m_loss=0.5, p_lr=0.1, a_duration=2.0, t_kaggle=0.8)
    assert found.numbers[0] == pytest.approx(expected)
    assert found.reason(0) == ""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1 + metrics.loss.min", "The run has no metrics.loss.min."),
        ("metrics.nan * 2", "metrics.nan is not finite."),
        ("params.lr / metrics.zero", "No value for params.lr / metrics.zero: division by zero."),
        ("5 % ( metrics.zero )", "No value for 5 % ( metrics.zero ): division by zero."),
        ("log(metrics.zero)", "No value for log(metrics.zero): the logarithm of a number that is not positive."),
        ("sqrt(0 - 1)", "No value for sqrt(0 - 1): the root of a negative number."),
        ("(0 - 8) ** 0.5", "No value for (0 - 8) ** 0.5: no finite number."),
        ("exp(10000)", "No value for exp(10000): the result is too large."),
        ("max(params.lr, metrics.gone)", "The run has no metrics.gone."),
        ("coalesce(metrics.gone, tags.gone)", "The run has no metrics.gone."),
        ("if(metrics.gone, 1, 2)", "The run has no metrics.gone."),
        ("if(1, metrics.gone, 2)", "The run has no metrics.gone."),
    ],
)
def test_a_formula_without_a_value_says_why(text: str, reason: str) -> None:
    found = computed(text, p_lr=0.1, m_zero=0.0, m_nan=math.nan)
    assert math.isnan(found.numbers[0])
    assert found.reason(0) == reason


def test_each_run_has_its_own_value_or_reason() -> None:
    formula = parse_formula("params.a / metrics.b")
    a, b = formula.fields()
    faults = np.array([0, Fault.TEXT, 0, 0], np.int8)
    given = {
        a: Given(np.array([1.0, math.nan, 3.0, 4.0]), faults),
        b: Given(np.array([2.0, 1.0, 0.0, math.nan]), np.array([0, 0, 0, Fault.MISSING], np.int8)),
    }
    found = evaluate(formula, given, 4)
    assert found.numbers[0] == 0.5
    assert [found.reason(place) for place in range(4)] == [
        "",
        "params.a is no number.",
        "No value for params.a / metrics.b: division by zero.",
        "The run has no metrics.b.",
    ]


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 0, "empty"),
        ("1 +", 3, "at its end: expected a number, a field"),
        ("1 2", 2, "expected an operator"),
        ("((1)", 4, "a closing parenthesis"),
        ("lgo(3)", 0, "Did you mean log?"),
        ("log(1, 2)", 0, "log takes one number"),
        ("if(1, 2)", 0, "if takes 3 numbers"),
        ("duraton * 2", 0, "Did you mean duration?"),
        ("2 * lr", 4, "params.lr"),
        ("1 + run_name", 4, "run_name is a text"),
        ("datasets.name", 0, "datasets"),
        ("1 + `", 4, "never closed"),
        ("formulas.speed * 2", 0, "Formulas cannot use other formulas (at character 1)."),
        ("1 + formula.`my speed`", 4, "Formulas cannot use other formulas"),
        ("metrics.loss/formulas.speed", 13, "Formulas cannot use other formulas"),
        ("if(params.o = 'adam', 1, 2)", 14, "knows no texts"),
        ("eval(1)", 0, "no function 'eval'"),
        ("1" + "+1" * 200, 199, "at most 100 operations"),
        ("(" * 101 + "1" + ")" * 101, 100, "at most 100 operations"),
        ("-" * 101 + "1", 100, "at most 100 operations"),
        ("1" * 3000, 2000, "at most 2,000 characters"),
    ],
)
def test_a_wrong_formula_is_told_where(text: str, position: int, said: str) -> None:
    with pytest.raises(FilterError) as caught:
        parse_formula(text)
    assert said in str(caught.value)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("text", "key", "statistic"),
    [
        ("metrics.val/acc*100", "val/acc", Statistic.LAST),
        ("metrics.val/acc.best/duration", "val/acc", Statistic.BEST),
        ("metrics.a-b - 1", "a-b", Statistic.LAST),
        ("metrics.`val loss`.min", "val loss", Statistic.MIN),
        ('metrics."a`b"', "a`b", Statistic.LAST),
    ],
)
def test_names_are_written_as_in_filters(text: str, key: str, statistic: Statistic) -> None:
    field = parse_formula(text).fields()[0]
    assert (field.key, field.statistic) == (key, statistic)


@given(st.text("metrics.params. abl/0123+-*%()<>=,`\"'@logif", max_size=40) | st.text(max_size=20))
def test_any_text_is_a_formula_or_an_error_within_it(text: str) -> None:
    try:
        formula = parse_formula(text)
    except FilterError as error:
        assert 0 <= error.position <= len(text)
        assert error.message
    else:
        empty = {one: Given(np.full(1, math.nan), np.ones(1, np.int8)) for one in formula.fields()}
        found = evaluate(formula, empty, 1)
        assert math.isfinite(found.numbers[0]) is (found.reason(0) == "")


FIELDS = [Field(Entity.METRIC, "a"), Field(Entity.PARAM, "b"), Field(Entity.ATTRIBUTE, "duration")]
WRITTEN = ["metrics.a", "params.b", "duration"]
LEAVES = st.integers(0, 9).map(lambda n: Number(float(n))) | st.sampled_from(
    [Reference(field, text) for field, text in zip(FIELDS, WRITTEN, strict=True)]
)


def _more(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def made(name: str, parts: list[Expression]) -> Expression:
        return Operation(name, tuple(parts), "")

    pairs = st.sampled_from(["+", "-", "*", "/", "<", "<=", "=", "!=", "and", "or", "min", "max", "coalesce"])
    alone = st.sampled_from(["negative", "not", "abs", "sqrt", "log"])
    return (
        st.builds(made, pairs, st.lists(inner, min_size=2, max_size=2))
        | st.builds(made, alone, st.lists(inner, min_size=1, max_size=1))
        | st.builds(made, st.just("if"), st.lists(inner, min_size=3, max_size=3))
    )


def written(root: Expression) -> str:
    """A tree as a formula, in parentheses throughout."""
    match root:
        case Number(value):
            return f"{value:g}"
        case Reference():
            return root.text
        case Operation(name, parts):
            texts = [written(part) for part in parts]
            if name in FUNCTIONS:
                return f"{name}({', '.join(texts)})"
            if len(parts) == 1:
                return f"({'-' if name == 'negative' else name} {texts[0]})"
            return f"({texts[0]} {name} {texts[1]})"


def plain(root: Expression, values: dict[Field, float | None]) -> float | None:
    """What a tree is worth, run by run, without numpy."""
    match root:
        case Number(value):
            return value
        case Reference(field, _):
            return values[field]
        case Operation(name, parts):
            found = [plain(part, values) for part in parts]
            if name == "coalesce":
                return next((one for one in found if one is not None), None)
            if name == "if":
                return None if found[0] is None else found[1] if found[0] else found[2]
            return None if None in found else _applied(name, found)


def _applied(name: str, parts: list[Any]) -> float | None:
    a, b = parts[0], parts[-1]
    ways: dict[str, Any] = {
        "+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b, "<": lambda: a < b,
        "<=": lambda: a <= b, "=": lambda: a == b, "!=": lambda: a != b, "and": lambda: bool(a and b),
        "or": lambda: bool(a or b), "min": lambda: min(a, b), "max": lambda: max(a, b), "negative": lambda: -a,
        "not": lambda: not a, "abs": lambda: abs(a), "sqrt": lambda: math.sqrt(a), "log": lambda: math.log(a),
    }  # fmt: skip
    try:
        result = float(ways[name]())
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return result if math.isfinite(result) else None


@given(
    st.recursive(LEAVES, _more, max_leaves=8),
    st.lists(st.tuples(*[st.none() | st.floats(-1e6, 1e6).map(lambda x: round(x, 3))] * 3), min_size=1, max_size=4),
)
def test_whole_columns_agree_with_plain_python(root: Expression, rows: list[tuple[float | None, ...]]) -> None:
    formula = parse_formula(written(root))
    given = {}
    for at, field in enumerate(FIELDS):
        column = [row[at] for row in rows]
        missing = np.array([value is None for value in column], np.int8)
        given[field] = Given(np.array([math.nan if value is None else value for value in column]), missing)
    found = evaluate(formula, given, len(rows))
    for place, row in enumerate(rows):
        expected = plain(root, dict(zip(FIELDS, row, strict=True)))
        if expected is None:
            assert math.isnan(found.numbers[place])
            assert found.reason(place)
        else:
            assert found.numbers[place] == pytest.approx(expected, rel=1e-9, abs=1e-9)
            assert not found.reason(place)


def proposed(text: str) -> list[str]:
    return [one.text for one in proposals(place_at(text, len(text)), KNOWN)]


def test_fields_and_functions_are_proposed_where_a_number_can_stand() -> None:
    assert {"metrics.loss", "metrics.val/acc.best", "params.batch-size", "tags.kaggle", "duration", "log("} <= {
        *proposed("")
    }
    assert not {"metrics.system/cpu", "tags.mlflow.user", "run_name"} & {*proposed("")}
    assert proposed("2 * par") == ["params.lr", "params.batch-size"]
    assert proposed("log(sq") == ["sqrt("]


def test_operators_are_proposed_behind_a_number() -> None:
    assert proposed("metrics.loss ")[:4] == ["+", "-", "*", "/"]
    assert "params.lr" not in proposed("metrics.loss ")
    assert proposed("1 + * ") == []


def test_every_proposed_field_reads_back_as_itself() -> None:
    strange = Known([name for name in ("a.best/b", "-x", "a/metrics.b", "x.min", "a b", "a`b", "ü/é")])
    for one in proposals(place_at("", 0), strange):
        if one.text.startswith("metrics"):
            (field,) = parse_formula(one.text).fields()
            assert field.key in strange.metrics, one.text


def test_names_that_no_run_has_are_told() -> None:
    (said,) = unknown_names(parse_formula("metrics.los * params.lr + metrics.loss.min"), KNOWN)
    assert said == "No run has the metric 'los'. Did you mean metrics.loss?"
    (said,) = unknown_names(parse_formula("metrics.loss/2"), KNOWN)
    assert "Put blanks around an operator." in said
