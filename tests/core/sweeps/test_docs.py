"""The page on sweeps: its example is read, and it names everything that a file may say."""

from __future__ import annotations

import re
from pathlib import Path

from runfolio.core.sweeps import falling_behind, spec
from runfolio.core.sweeps.records import Method
from runfolio.core.sweeps.spec import read_sweep

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "sweeps.md").read_text("utf-8")


def test_the_example_is_a_sweep() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    found = read_sweep(example)
    assert found.method is Method.TPE and len(found.space) == 4 and found.pruning.method == "median"


def test_the_page_names_every_key_method_and_pruner() -> None:
    words = {*spec.KEYS, *spec.RANGE, *spec.STOP, *spec.PRUNING, *Method, *falling_behind.METHODS}
    words |= {"minimize", "maximize", spec.LAST, spec.BEST}
    assert not {word for word in words if f"`{word}`" not in PAGE and f"`{word}: true`" not in PAGE}
