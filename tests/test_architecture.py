"""The walls of the house: import contracts, sizes of modules, what lies where, and what the lock pins."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "app"
MODULES = sorted(APP.rglob("*.py"))
LOCK = ROOT / "packaging" / "requirements.lock"
MODULE_LINES, FUNCTION_LINES, CLASS_LINES = 500, 60, 300
SMALLER = {"main_window.py": 250}
TOP_LEVEL = frozenset(["pyproject.toml", "README.md", "app", "resources", "tests", "packaging", "icons", "docs"])
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
PLANTED = [
    ("gui/page.py", "import sqlalchemy", "Only store knows SQL"),
    ("gui/session.py", "import runfolio.client.tracker", "The window and the client meet in the store only"),
    ("core/columns.py", "import PySide6.QtCore", "Only gui knows Qt"),
    ("gui/curves/x_choice.py", "import runfolio.gui.compare.page", "The charts know nothing of the comparison"),
    ("journal/append.py", "import numpy", "A log call loads no numpy"),
    ("store/runs.py", "import runfolio.client.tracker", "Imports go down only"),
]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lint(folder: Path, source: Path) -> subprocess.CompletedProcess[str]:
    """Check the contracts of a `pyproject.toml` in a folder on the package in a source folder."""
    environment = {**os.environ, "PYTHONPATH": str(source), "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )


def test_the_import_contracts_hold() -> None:
    done = lint(ROOT, APP)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("module", "statement", "contract"), PLANTED, ids=[module for module, _, _ in PLANTED])
def test_a_planted_wrong_import_breaks_its_contract(tmp_path: Path, module: str, statement: str, contract: str) -> None:
    shutil.copytree(APP / "runfolio", tmp_path / "app" / "runfolio", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "app" / "runfolio" / module
    planted.write_text(f"{planted.read_text(encoding='utf-8')}\n\n{statement}\n", encoding="utf-8")
    done = lint(tmp_path, tmp_path / "app")
    assert done.returncode == 1, done.stdout + done.stderr
    assert f"{contract} BROKEN" in done.stdout, done.stdout


def test_the_contracts_name_every_package() -> None:
    """A package beside the layers would be outside of all rules."""
    layers = next(c["layers"] for c in tool("importlinter")["contracts"] if c["type"] == "layers")
    named = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    packages = {path.parent.name for path in (APP / "runfolio").glob("*/__init__.py")}
    assert packages <= named


def test_nobody_below_the_commands_takes_the_client_from_the_package_itself() -> None:
    """The contracts cannot see `runfolio.log_metric`, which loads the client on first use."""
    taken = []
    inside = {path.stem for path in (APP / "runfolio").iterdir()}
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "runfolio":
                taken += [] if node.attr == "__version__" else [f"{relative(path)}:{node.lineno} runfolio.{node.attr}"]
            if isinstance(node, ast.ImportFrom) and node.module == "runfolio":
                names = [alias.name for alias in node.names if alias.name not in inside]
                taken += [f"{relative(path)}:{node.lineno} {name}" for name in names if name != "__version__"]
    assert not taken


def tool(name: str) -> dict[str, list[dict[str, str]]]:
    """A section of `[tool]` in pyproject.toml."""
    sections = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    found: dict[str, list[dict[str, str]]] = sections[name]
    return found


def definitions(path: Path) -> Iterator[tuple[str, int, int]]:
    """Each class and function of a module: where it is, its lines, and how many it may have."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            cap = CLASS_LINES if isinstance(node, ast.ClassDef) else FUNCTION_LINES
            assert node.end_lineno is not None
            yield f"{relative(path)}:{node.lineno} {node.name}", node.end_lineno - node.lineno + 1, cap


def test_nothing_is_too_long() -> None:
    long = []
    for path in MODULES:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        cap = SMALLER.get(path.name, MODULE_LINES)
        parts = [(relative(path), lines, cap), *definitions(path)]
        long += [f"{what}: {lines} lines, at most {cap}" for what, lines, cap in parts if lines > cap]
    assert not long, "\n".join(long)


def test_every_module_says_what_it_is_for() -> None:
    silent = [relative(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not silent


def test_importing_runfolio_loads_the_standard_library_alone() -> None:
    code = (
        "import sys; import runfolio; "
        "print(*sorted({name.partition('.')[0] for name in sys.modules} - sys.stdlib_module_names))"
    )
    # -I -S: no site-packages, so that nothing but runfolio itself and the standard library can be found.
    code = f"import sys; sys.path.append({str(APP)!r}); {code}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__main__", "runfolio"]


def test_only_the_agreed_names_lie_at_the_top() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    # A checkout that belongs to another user, as in a container, is still ours to list.
    command = [git, "-c", "safe.directory=*", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    names = {name.partition("/")[0] for name in done.stdout.split("\0") if name}
    assert {name for name in names if not name.startswith(".")} <= TOP_LEVEL


def normal(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, list[str]]:
    """The distributions of the lock with their entries."""
    entries = re.split(r"\n(?=[a-z])", LOCK.read_text(encoding="utf-8"))
    pinned = sorted((normal(entry.partition("==")[0]), entry) for entry in entries if not entry.startswith("#"))
    return {name: [entry for _, entry in group] for name, group in groupby(pinned, key=lambda pair: pair[0])}


def test_the_lock_pins_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {normal(found[0]) for text in wanted if (found := re.match(r"[A-Za-z0-9._-]+", text))}
    assert names <= locked().keys()


def test_the_lock_has_a_hash_for_each_and_names_no_index() -> None:
    assert all("--hash=sha256:" in entry for entries in locked().values() for entry in entries)
    assert not re.search(r"://|index-url|find-links|trusted-host", LOCK.read_text(encoding="utf-8"))


def test_the_lock_keeps_the_bad_pair_of_python_and_qt_apart() -> None:
    entries = [entry.partition(" \\")[0] for entry in locked()["pyside6-essentials"]]
    old = [entry for entry in entries if "< '3.12'" in entry]
    new = [entry for entry in entries if ">= '3.12'" in entry]
    assert len(entries) == 2 and len(old) == len(new) == 1
    assert re.match(r"[^=]+==6\.1[01]\.", old[0])
    assert not re.match(r"[^=]+==6\.(\d|1[01])\.", new[0])


@pytest.mark.parametrize("name", ["demo", "test"])
def test_the_readme_has_each_command_in_one_line(name: str) -> None:
    """`.ci/run` runs the second one as it stands there."""
    blocks = re.findall(rf"<!-- command: {name} -->\n```sh\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert [len(block.splitlines()) for block in blocks] == [1]
