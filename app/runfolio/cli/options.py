"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="The store's folder. [default: RUNFOLIO_STORE, or one in your home]"),
]


def chosen(context: typer.Context, store: Path | None) -> Path | None:
    """The store given to the command itself, else the one given before it."""
    before = context.find_root().obj
    return store if store is not None else before if isinstance(before, Path) else None
