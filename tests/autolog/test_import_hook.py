"""Libraries that are imported later are logged too, and importing stays what it was."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

import runfolio
from runfolio.client.autolog import registry
from runfolio.client.autolog.import_hook import ImportHook
from runfolio.client.autolog.session import clean_key
from runfolio.core import rules
from runfolio.core.errors import EnvironmentProblem

SCRIPT = """
    import sys
    import runfolio
    runfolio.autolog()
    assert not {"sklearn", "xgboost", "keras", "transformers"} & sys.modules.keys()
    from sklearn.linear_model import LogisticRegression
    from sklearn.tree import DecisionTreeClassifier
    import inspect, sklearn.linear_model._logistic as module
    assert module.__loader__ is module.__spec__.loader and "runfolio" not in type(module.__loader__).__module__
    assert "def fit" in inspect.getsource(LogisticRegression.fit)
    LogisticRegression().fit([[0], [1]], [0, 1])
    runfolio.autolog(disable=True)
    assert not any("runfolio" in type(finder).__module__ for finder in sys.meta_path)
    DecisionTreeClassifier().fit([[0], [1]], [0, 1])
    import sklearn.naive_bayes
    sklearn.naive_bayes.GaussianNB().fit([[0], [1], [2], [3]], [0, 1, 0, 1])
    names = [run.data.tags["estimator_name"] for run in runfolio.search_runs(output_format="list")]
    assert names == ["LogisticRegression"], names
"""


def test_a_library_imported_later_is_logged(tmp_path: Path) -> None:
    environment = {**os.environ, "RUNFOLIO_STORE": str(tmp_path / "store")}
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT)]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package on the path."""
    root = tmp_path / "later_package"
    root.mkdir()
    (root / "__init__.py").write_text("WHERE = __loader__\n", encoding="utf-8")
    (root / "part.py").write_text("def one():\n    return 1\n", encoding="utf-8")
    (root / "broken.py").write_text("1 / 0\n", encoding="utf-8")
    (root / "data.txt").write_text("hello", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    yield "later_package"
    for name in [name for name in sys.modules if name.startswith("later_package")]:
        del sys.modules[name]


@pytest.fixture
def hook() -> Iterator[ImportHook]:
    """A hook that is gone after the test."""
    made = ImportHook()
    yield made
    made.ignore("later_package")
    assert made not in sys.meta_path


def test_modules_are_told_of_once_they_are_whole(hook: ImportHook, package: str) -> None:
    told: list[ModuleType] = []
    hook.watch(package, lambda name: name != "later_package.broken", told.append)
    part = importlib.import_module(f"{package}.part")
    assert [module.__name__ for module in told] == [package, f"{package}.part"]
    assert told[1] is part and part.one() == 1
    for module in told:
        assert module.__spec__ is not None and module.__loader__ is module.__spec__.loader
        assert module.__loader__ is not None and "runfolio" not in type(module.__loader__).__module__
    assert told[0].WHERE is told[0].__loader__
    assert "return 1" in inspect.getsource(part.one)


def test_errors_of_imports_stay_what_they_are(hook: ImportHook, package: str) -> None:
    hook.watch(package, lambda _name: True, lambda _module: None)
    with pytest.raises(ZeroDivisionError):
        importlib.import_module(f"{package}.broken")
    with pytest.raises(ModuleNotFoundError, match=r"No module named .later_package\.missing."):
        importlib.import_module(f"{package}.missing")
    assert importlib.util.find_spec(f"{package}.nothing") is None
    assert package in sys.modules and f"{package}.broken" not in sys.modules


def test_nobody_is_told_after_the_end(hook: ImportHook, package: str) -> None:
    told: list[ModuleType] = []
    hook.watch(package, lambda _name: True, told.append)
    spec = importlib.util.find_spec(package)
    assert spec is not None and hook in sys.meta_path
    hook.ignore(package)
    importlib.import_module(package)
    assert told == [] and hook not in sys.meta_path


def test_a_library_asked_for_by_name_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    missing = registry.Library(("no_such_package",), ("no_such_package",), "")
    monkeypatch.setitem(registry.LIBRARIES, "xgboost", missing)
    with pytest.raises(EnvironmentProblem, match="pip install no_such_package"):
        runfolio.xgboost.autolog()
    runfolio.xgboost.autolog(disable=True)
    runfolio.autolog()
    runfolio.autolog(disable=True)


@given(st.text(max_size=300))
def test_any_name_becomes_a_key(name: str) -> None:
    key = clean_key(name)
    assert rules.key(key) == key
    try:
        rules.key(name)
    except ValueError:
        return
    assert key == name.replace("@", "_at_")
