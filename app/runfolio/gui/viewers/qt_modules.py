"""Qt's modules that need not be there, for questions: they are loaded by name, where files are read."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from runfolio.core.errors import CannotShow


def qt_module(name: str) -> Any:
    """A module such as `QtPdf`. Raises CannotShow if it, or a library of the system that it needs, is missing."""
    try:
        return import_module(f"PySide6.{name}")
    except ImportError as error:
        raise CannotShow(f"Qt's module {name} cannot be loaded: {error}.", "Its libraries may be missing.") from error
