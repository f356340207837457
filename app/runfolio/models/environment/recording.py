"""What a model imports, found by loading it in a clean child process, and put into the files of its environment.

Packages that the model itself names, in its pickles and its own code, become requirements beside those of its library.
What all of these require in turn, and whatever else was loaded, goes with the versions of this machine into a lock:
without that, an environment that is made a month later is another one.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runfolio.environments import processes
from runfolio.environments.requirements import name_of
from runfolio.models.environment import distributions
from runfolio.models.environment.apart import apart

log = logging.getLogger("runfolio")

LOCK, OUTPUT = "runfolio-lock.txt", "output_example.json"
#: Seconds that a model may take to load and to predict its example; MLflow has the same.
TIMEOUT = 120.0
_HEAD = "# What the model requires, with all that this requires; for pip's -c.\n"
_MORE = "# What was loaded besides, because it was there; another environment may do without.\n"
# Modules that import what a pickle, or another file of a model, names.
_LOADERS = ("pickle.", "_pickle.", "cloudpickle.", "dill.", "skops.io.")
_OURS = (
    "runfolio.models.flavors.",
    "runfolio.models.pyfunc.",
    "runfolio.models.schema.",
    "runfolio.models.input_example.",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a model was seen to import.

    Attributes:
        direct: the packages that it names itself.
        loaded: those that any of its modules are from.
        strays: modules that are from no package and not in the model, with their files.
        output: what the model predicted for its input example, as JSON has it; None if there is no example.
    """

    direct: frozenset[str]
    loaded: frozenset[str]
    strays: dict[str, str] = field(default_factory=dict)
    output: Any = None


def record(folder: Path) -> Recorded | None:
    """Load a model in a process of its own and predict its input example; None, with a warning, if that fails."""
    with tempfile.TemporaryDirectory(prefix="runfolio-") as scratch:
        answer = Path(scratch, "answer.json")
        asked = {"folder": str(folder), "paths": [path for path in sys.path if path], "answer": str(answer)}
        command = [sys.executable, "-m", "runfolio.models.environment.recorder"]
        environment = apart(Path(scratch))
        done = processes.run(command, timeout=timeout(), given=json.dumps(asked), environment=environment)
        try:
            found = json.loads(answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {"error": "it took too long" if done.code is None else f"exit code {done.code}"}
    if found["error"] is not None:
        log.warning(
            "What the model imports could not be told, for it does not load in a process of its own: %s. "
            "Its requirements are those of its library.",
            found["error"],
        )
        log.debug("%s", done.errors)
        return None
    return _recorded(found["modules"], found["output"], folder)


def timeout() -> float:
    """Seconds that are waited for a model; `MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT` changes it, as in MLflow."""
    try:
        return float(os.environ.get("MLFLOW_REQUIREMENTS_INFERENCE_TIMEOUT", TIMEOUT))
    except ValueError:
        return TIMEOUT


def requirements(recorded: Recorded) -> list[str]:
    """What the model names itself, with versions, as requirements."""
    return [_pin(one) for one in sorted(recorded.direct)]


def lock(required: Iterable[str], loaded: Iterable[str] = ()) -> str:
    """The lock of packages with all that they require.

    Comments are packages that are on no index, and those that were loaded but are required by none: libraries look for
    many that they can do without, and to insist on their versions would leave no room for what others require.
    """
    needed = distributions.closure(required) - distributions.NEVER
    more = distributions.closure(loaded) - distributions.NEVER - needed
    locked = "".join(f"{_origin(package)}{_pin(package)}\n" for package in sorted(needed))
    return _HEAD + locked + (_MORE if more else "") + "".join(f"# {_pin(package)}\n" for package in sorted(more))


def packages_of(lines: Iterable[str]) -> set[str]:
    """The packages that requirements name."""
    return {name for line in lines if (name := name_of(line))}


def _origin(package: str) -> str:
    """The beginning of a comment, for a package that no index has in this version."""
    origin = distributions.local_origin(package)
    return "" if not origin else f"# from {'a folder' if origin.startswith('file:') else 'an address'}: "


def _pin(package: str) -> str:
    version = distributions.version(package)
    return f"{package}=={version}" if version else package


def _recorded(modules: dict[str, Any], output: Any, folder: Path) -> Recorded:
    owners = distributions.owners({*modules, *_importers(modules)})
    direct: set[str] = set()
    strays = {}
    for module, told in modules.items():
        if owners[module]:
            direct |= owners[module] if any(_is_own(one, owners) for one in told["importers"]) else set()
        elif told["file"] and not module.startswith("_") and not _is_in(told["file"], folder):
            strays[module] = told["file"]
    if strays:
        named = ", ".join(f"{module} ({file})" for module, file in strays.items())
        log.warning("Modules that the model imports are not in it: %s. Give them as code_paths.", named)
    loaded = {one for module in modules for one in owners[module]}
    return Recorded(frozenset(direct - distributions.NEVER), frozenset(loaded - distributions.NEVER), strays, output)


def _importers(modules: dict[str, Any]) -> set[str]:
    return {importer.partition(".")[0] for told in modules.values() for importer in told["importers"]}


def _is_own(importer: str, owners: dict[str, set[str]]) -> bool:
    """Whether a module that imports another is the model's: its own code, or what reads its files."""
    if f"{importer}.".startswith(_LOADERS + _OURS):
        return True
    top = importer.partition(".")[0]
    # Modules written in C may not say their names.
    return bool(top) and not owners[top] and top not in sys.stdlib_module_names and top != "runfolio"


def _is_in(file: str, folder: Path) -> bool:
    return Path(file).resolve().is_relative_to(folder.resolve())
