"""The page on filters says what the language is: its examples are read, and its tables name every field."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runfolio.core.check_names import NAMES as CHECKS
from runfolio.core.filter import parse_filter
from runfolio.core.filter.fields import DATASET_KEYS, RUNS
from runfolio.core.filter.tree import And, Operator, Statistic

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "filters.md").read_text("utf-8")
EXAMPLES = re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_filter(example: str) -> None:
    assert parse_filter(example) != And()


def test_the_page_names_every_field_operator_and_statistic() -> None:
    assert len(EXAMPLES) > 5
    words = {*RUNS.attributes, *Statistic, *(f"datasets.{key}" for key in DATASET_KEYS), *CHECKS}
    assert not {word for word in words if f"`{word}`" not in PAGE}
    assert not {sign for sign in Operator if f"`{sign}" not in PAGE}


def test_inline_examples_are_filters() -> None:
    for example in (
        "not params.lr = 0.1",
        "params.lr != 0.1",
        "has(tags.note)",
        "metrics.loss.min > 1",
        "metrics.acc @ 1000 > 0.9",
    ):
        assert example.partition(" >")[0] in PAGE
        parse_filter(example)
    for value in ("today - 1w + 6h", "2025-01-31", "'2025-01-31 14:30'"):
        assert f"`{value}`" in PAGE
        parse_filter(f"created > {value}")
    for span in ("500ms", "30s", "5m", "2h", "7d", "1w", "1h30m"):
        assert f"`{span}`" in PAGE
        parse_filter(f"duration > {span}")
    assert r"""`e'it\'s a "text"'`""" in PAGE
    parse_filter(r"""params.p = e'it\'s a "text"'""")
