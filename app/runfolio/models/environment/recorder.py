"""The child process that finds out what a model imports: it loads the model and predicts its input example.

It reads from stdin what to load, and writes what it found into a file, for models print what they like.
"""

from __future__ import annotations

import builtins
import importlib
import json
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any


class Imports:
    """What is imported, and by whom, also if it was loaded before.

    Attributes:
        importers: by the top-level name of a module, the modules that import it.
    """

    def __init__(self) -> None:
        self.importers: dict[str, set[str]] = {}
        self._loaded = set(sys.modules)
        self._import: Callable[..., Any] = builtins.__import__
        self._import_module: Callable[..., Any] = importlib.import_module

    def __enter__(self) -> Imports:
        builtins.__import__ = self._statement
        importlib.import_module = self._call
        return self

    def __exit__(self, *_: object) -> None:
        builtins.__import__ = self._import
        importlib.import_module = self._import_module
        for name in set(sys.modules) - self._loaded:
            self.importers.setdefault(name.partition(".")[0], set())

    def _statement(self, name: str, globals: Any = None, locals: Any = None, fromlist: Any = (), level: int = 0) -> Any:
        if level == 0:
            self._note(name, globals)
        return self._import(name, globals, locals, fromlist, level)

    def _call(self, name: str, package: str | None = None) -> Any:
        if not name.startswith("."):
            self._note(name, sys._getframe(1).f_globals)
        return self._import_module(name, package)

    def _note(self, name: str, globals: Any) -> None:
        importer = str((globals or {}).get("__name__", ""))
        self.importers.setdefault(name.partition(".")[0], set()).add(importer)


def main() -> None:
    """Load, predict and tell."""
    asked = json.load(sys.stdin)
    sys.path[:] = asked["paths"]
    from runfolio.models.loading import load_function

    found: dict[str, Any] = {"error": None, "output": None}
    with Imports() as imports:
        try:
            model = load_function(asked["folder"], suppress_warnings=True)
            found["output"] = _predicted(model, Path(asked["folder"]))
        except Exception as error:  # of the library or of the user's code
            found["error"] = f"{type(error).__name__}: {error}"
            traceback.print_exc()
    found["modules"] = {
        name: {"file": _origin(name), "importers": sorted(importers)}
        for name, importers in imports.importers.items()
        if _is_foreign(name)
    }
    Path(asked["answer"]).write_text(json.dumps(found), encoding="utf-8")


def _predicted(model: Any, folder: Path) -> Any:
    """The model's output for its input example, as JSON has it; None if there is no example."""
    from runfolio.models.input_example import read_example, read_example_params
    from runfolio.models.json_data import jsonable

    info = model.metadata.saved_input_example_info
    if info is None:
        return None
    signature = model.metadata.signature
    example = read_example(folder, info, None if signature is None else signature.inputs)
    return jsonable(model.predict(example, params=read_example_params(folder, info)))


def _is_foreign(name: str) -> bool:
    return name in sys.modules and name not in sys.stdlib_module_names and name not in ("__main__", "runfolio")


def _origin(name: str) -> str:
    """The file of a module; of a package without one, its first folder."""
    module = sys.modules[name]
    file = getattr(module, "__file__", None)
    return str(file) if file else next(iter(getattr(module, "__path__", ())), "")


if __name__ == "__main__":
    main()
