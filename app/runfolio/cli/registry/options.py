"""Arguments and options that commands of the registry share, and the version that a word names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from runfolio.store import Store

Model = Annotated[str, typer.Argument(help="The name of a registered model.")]
Version = Annotated[str, typer.Argument(help="Its number, its stage, 'latest', or @alias.")]
VersionOption = Annotated[
    str, typer.Option("--version", "-v", help="Of this version: its number, its stage, 'latest', or @alias.")
]
ReasonOption = Annotated[str, typer.Option("--reason", "-r", help="Why; it is kept in the audit log.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


def version_of(store: Store, model: str, word: str) -> int:
    """The version of a model that a word names. Raises NotFound, with the nearest choice."""
    from runfolio.store.registry.reading import version_named

    with store.reading() as connection:
        return version_named(connection, model, word)
