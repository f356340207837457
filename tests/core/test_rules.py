"""What may be logged, and that a refusal names the rule."""

from __future__ import annotations

import math
import posixpath
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import rules
from runfolio.core.errors import InvalidValue


@pytest.mark.parametrize("name", ["loss", "val/loss", "a b", "a.b-c_d:e", "größe", "x" * 250, "a/..b"])
def test_a_good_key_is_returned_as_it_is(name: str) -> None:
    assert rules.key(name) == name


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("", "1 to 250"),
        ("x" * 251, "1 to 250"),
        ("a\nb", "only letters"),
        ("a\n", "only letters"),
        ("50%", "only letters"),
        ("a//b", "shortest relative form"),
        ("a/", "shortest relative form"),
        ("/a", "shortest relative form"),
        (".", "shortest relative form"),
        ("..", "shortest relative form"),
        ("...", "shortest relative form"),
        ("../a", "shortest relative form"),
        ("a/./b", "shortest relative form"),
        (3, "must be a string, not int"),
        (None, "must be a string, not NoneType"),
    ],
)
def test_a_bad_key_is_refused_with_its_rule(name: Any, rule: str) -> None:
    with pytest.raises(InvalidValue, match=rule):
        rules.key(name, "metric")


@given(st.text(max_size=300))
def test_whatever_passes_is_a_short_relative_path_of_the_allowed_characters(name: str) -> None:
    try:
        found = rules.key(name)
    except InvalidValue:
        return
    assert found == name
    assert 1 <= len(name) <= 250
    assert posixpath.normpath(name) == name
    assert not name.startswith(("/", ".."))


@pytest.mark.parametrize("name", ["Default", "vision/resnet", " padded ", "x" * 500, "100 % sure?"])
def test_experiment_names(name: str) -> None:
    assert rules.experiment_name(name) == name


@pytest.mark.parametrize("name", ["", "  ", "/a", "a/", "a//b", "a/ /b", "x" * 501, None, 7])
def test_bad_experiment_names(name: Any) -> None:
    with pytest.raises(InvalidValue):
        rules.experiment_name(name)


@pytest.mark.parametrize(("value", "number"), [("7", 7), (7, 7), ("0", 0)])
def test_experiment_ids(value: Any, number: int) -> None:
    assert rules.experiment_id(value) == number


@pytest.mark.parametrize("value", ["vision", "-1", "", None, 1.5])
def test_bad_experiment_ids(value: Any) -> None:
    with pytest.raises(InvalidValue):
        rules.experiment_id(value)


@pytest.mark.parametrize("value", [1, 1.5, True, "2.5", np.float32(0.5), np.int64(3), Decimal("0.25"), 10**300])
def test_metric_values_become_floats(value: Any) -> None:
    found = rules.metric_value("loss", value)
    assert type(found) is float
    assert found == float(value)


def test_non_finite_metric_values_are_values() -> None:
    assert math.isnan(rules.metric_value("loss", math.nan))
    assert rules.metric_value("loss", "-inf") == -math.inf


@pytest.mark.parametrize("value", [None, "high", [1.0], 1j, 10**400, object()])
def test_bad_metric_values_name_the_metric(value: Any) -> None:
    with pytest.raises(InvalidValue, match="'loss' must be a number"):
        rules.metric_value("loss", value)


@pytest.mark.parametrize(("value", "step"), [(None, 0), (0, 0), (-5, -5), (3.0, 3), (2**63 - 1, 2**63 - 1)])
def test_steps(value: Any, step: int) -> None:
    found = rules.step(value)
    assert type(found) is int
    assert found == step


@pytest.mark.parametrize("value", [2.5, "3", math.nan, math.inf, 2**63, -(2**63) - 1, [1], "last"])
def test_bad_steps(value: Any) -> None:
    with pytest.raises(InvalidValue, match="whole number"):
        rules.step(value)


def test_timestamps_are_not_negative() -> None:
    assert rules.timestamp(1_700_000_000_000) == 1_700_000_000_000
    with pytest.raises(InvalidValue, match="not negative"):
        rules.timestamp(-1)


@pytest.mark.parametrize("value", ["adam", 3, 0.1, None, [1, 2], {"a": 1}, True, "nan", 10**400])
def test_params_are_kept_as_text(value: Any) -> None:
    assert rules.param_value("lr", value) == str(value)


def test_a_param_that_is_no_number_is_kept_as_such() -> None:
    values = [math.nan, math.inf, -math.inf, np.float32("nan")]
    assert [rules.param_value("missing", value) for value in values] == ["nan", "inf", "-inf", "nan"]


def test_a_number_too_long_for_python_to_write_is_refused() -> None:
    with pytest.raises(InvalidValue, match=r"param 'n' cannot be written as text"):
        rules.param_value("n", 10**5000)


@given(st.text("0123456789.e-+", max_size=500))
def test_only_a_short_text_is_looked_at_as_a_number(value: str) -> None:
    found = rules.param_number(value)
    assert found is None or (len(value) <= 400 and math.isfinite(found))


def test_a_long_wrong_value_is_shortened_in_the_message() -> None:
    with pytest.raises(InvalidValue) as caught:
        rules.metric_value("loss", "x" * 10_000)
    assert len(str(caught.value)) < 200
