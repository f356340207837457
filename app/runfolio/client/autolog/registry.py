"""Which libraries are logged: turns them on, now or when they are imported, and off again."""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any

from runfolio.client.autolog.import_hook import ImportHook
from runfolio.client.autolog.patching import Patch, Wrap
from runfolio.client.autolog.quiet import quietly
from runfolio.client.autolog.session import Plan, Training, always, called_by, observed
from runfolio.client.autolog.settings import Settings
from runfolio.core.errors import EnvironmentProblem


@dataclass(frozen=True, slots=True)
class Library:
    """A library that can be logged.

    Attributes:
        packages: the top-level packages it comes in.
        modules: the modules to look at when they are imported; those ending in `.*` with all below them.
        recorder: our module for it, which has `attach(module)`, a function that yields patches.
    """

    packages: tuple[str, ...]
    modules: tuple[str, ...]
    recorder: str


LIBRARIES = {
    "sklearn": Library(("sklearn",), ("sklearn.*",), "runfolio.client.autolog.sklearn"),
    "xgboost": Library(("xgboost",), ("xgboost",), "runfolio.client.autolog.xgboost"),
    "lightgbm": Library(("lightgbm",), ("lightgbm",), "runfolio.client.autolog.lightgbm"),
    "keras": Library(("keras",), ("keras",), "runfolio.client.autolog.keras"),
    "pytorch": Library(
        ("lightning", "pytorch_lightning"),
        ("lightning.pytorch", "pytorch_lightning"),
        "runfolio.client.autolog.lightning",
    ),
    "transformers": Library(
        ("transformers",),
        ("transformers.trainer", "transformers.integrations.integration_utils"),
        "runfolio.client.autolog.transformers",
    ),
}


class _Process:
    """What is logged in this process, and how."""

    def __init__(self) -> None:
        self.guard = threading.RLock()
        self.settings: dict[str, Settings] = {}
        self.explicit: set[str] = set()
        self.patches: dict[str, list[Patch]] = {}
        self.hook = ImportHook()


_process = _Process()


def turn(library: str, settings: Settings, *, explicit: bool = True) -> None:
    """Log a library by these settings, or no longer if they say so.

    What was asked of a library by name stands against what is asked of all, but for turning all off.

    Raises:
        EnvironmentProblem: the library is asked for by name and is not installed.
    """
    with _process.guard:
        if not explicit and not settings.disable and library in _process.explicit:
            return
        if explicit:
            _check_installed(library, settings)
            _process.explicit.add(library)
        _process.settings[library] = settings
        if settings.disable:
            _process.explicit.discard(library)
            _turn_off(library)
        else:
            _turn_on(library)


def settings_of(library: str) -> Settings | None:
    """How a library is logged; None if it is not."""
    found = _process.settings.get(library)
    return None if found is None or found.disable else found


def recorder(library: str, kind: str, plan: Plan, applies: Callable[..., bool] = always) -> Wrap:
    """Makes a wrapper of a function whose calls are logged by a plan: those whose arguments it applies to."""

    def wrap(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            settings = settings_of(library)
            if settings is None:
                return function(*args, **kwargs)
            return observed(Training(library, kind, settings, plan, applies, _within), function, args, kwargs)

        return call

    return wrap


def _within(frame: FrameType) -> bool:
    """Whether scikit-learn calls, as for the folds of a cross-validation: that is logged as a whole or not at all."""
    return settings_of("sklearn") is not None and called_by("sklearn", frame)


def _check_installed(library: str, settings: Settings) -> None:
    packages = LIBRARIES[library].packages
    if settings.disable or any(name in sys.modules or importlib.util.find_spec(name) for name in packages):
        return
    raise EnvironmentProblem(f"{packages[0]} is not installed.", f"Install it with `pip install {packages[0]}`.")


def _turn_on(library: str) -> None:
    wanted = LIBRARIES[library].modules

    def is_wanted(name: str) -> bool:
        return any(name == one or (one.endswith(".*") and f"{name}.".startswith(one[:-1])) for one in wanted)

    for package in LIBRARIES[library].packages:
        _process.hook.watch(package, is_wanted, lambda module: _attach(library, module))
    for name in [name for name in sys.modules if is_wanted(name)]:
        _attach(library, sys.modules[name])


def _turn_off(library: str) -> None:
    for package in LIBRARIES[library].packages:
        _process.hook.ignore(package)
    for one in reversed(_process.patches.pop(library, [])):
        with quietly(library, "turning off"):
            one.undo()


def _attach(library: str, module: ModuleType) -> None:
    with _process.guard, quietly(library, f"module {module.__name__}"):
        if settings_of(library) is None:
            return
        attach: Callable[[ModuleType], Iterable[Patch | None]] = import_module(LIBRARIES[library].recorder).attach
        made = _process.patches.setdefault(library, [])
        for one in attach(module):
            if one is not None:
                made.append(one)
