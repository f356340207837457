"""The page on columns says what formulas and checks are: its examples are read, and it names every one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from runfolio.core.check_names import TITLES
from runfolio.core.filter.tree import Statistic
from runfolio.core.formulas import parse_formula
from runfolio.core.formulas.functions import FUNCTIONS, OPERATORS
from runfolio.core.formulas.parse import NUMERIC

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "columns.md").read_text("utf-8")
EXAMPLES = re.findall(r"```\n(.*?)```", PAGE, re.DOTALL)[0].splitlines()


@pytest.mark.parametrize("example", [*EXAMPLES, "metrics.val/acc / 2", "metrics.`val loss` "])
def test_an_example_is_a_formula(example: str) -> None:
    assert example in PAGE
    assert parse_formula(example).fields()


def test_the_page_names_every_function_operator_field_and_check() -> None:
    assert len(EXAMPLES) > 4
    words = {*FUNCTIONS, *NUMERIC, *TITLES, *OPERATORS} - {"negative", "positive"}
    assert not {word for word in words if f"`{word}`" not in PAGE}
    assert not {one for one in Statistic if f"`.{one}`" not in PAGE}
