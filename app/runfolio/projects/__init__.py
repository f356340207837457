"""MLflow's `mlflow.projects`: running projects from a script; what fetches, runs and repeats them is in the folders.

What is loaded for it is loaded where it is first used: the window reads projects too, and runs none by itself.
"""

from __future__ import annotations

from typing import Any

_PUBLIC = {"run": "submitting", "SubmittedRun": "submitting"}
__all__ = ["SubmittedRun", "run"]


def __getattr__(name: str) -> Any:
    """What is public, from where it is."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
