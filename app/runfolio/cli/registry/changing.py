"""`runfolio registry alias`, `tag`, `describe`, `rename`, `delete` and `restore`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.registry.options import JsonOption, Model, ReasonOption, VersionOption, version_of
from runfolio.cli.shapes import print_done
from runfolio.core.errors import InvalidValue
from runfolio.core.registry.names import version_number

if TYPE_CHECKING:
    from runfolio.store.operations import Outcome

OneVersion = Annotated[str | None, typer.Argument(help="One of its versions; without, the whole model.")]


def alias(
    context: typer.Context,
    model: Model,
    alias: Annotated[str, typer.Argument(help="The alias, without the @.")],
    version: Annotated[
        str | None, typer.Argument(help="Who gets it: a number, a stage, 'latest', or another @alias.")
    ] = None,
    store: StoreOption = None,
    delete: Annotated[bool, typer.Option("--delete", help="Take it away.")] = False,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Give an alias to a version, whoever has it now, or take it away."""
    from runfolio.store.registry import aliases

    if delete == (version is not None):
        raise InvalidValue("An alias is given to a version, or taken away with --delete.")
    with opened(context, store) as found:
        number = None if version is None else version_of(found, model, version)
        alias = alias.removeprefix("@")
        if number is None:
            outcome = aliases.delete_alias(found, model, alias, reason)
        else:
            outcome = aliases.set_alias(found, model, alias, number, reason)
    print_done(outcome.text, as_json, name=model, alias=alias, version=number)


def tag(
    context: typer.Context,
    model: Model,
    key: Annotated[str, typer.Argument(help="The tag's key.")],
    value: Annotated[str | None, typer.Argument(help="Its value; without one, the tag is removed.")] = None,
    store: StoreOption = None,
    version: VersionOption = "",
    as_json: JsonOption = False,
) -> None:
    """Set or remove a tag of a registered model, or of a version."""
    from runfolio.store.registry.models import tag_model
    from runfolio.store.registry.versions import tag_version

    with opened(context, store) as found:
        number = version_of(found, model, version) if version else None
        if number is None:
            outcome = tag_model(found, model, key, value)
        else:
            outcome = tag_version(found, model, number, key, value)
    _done(outcome, model, number, as_json)


def describe(
    context: typer.Context,
    model: Model,
    text: Annotated[str, typer.Argument(help="What it is, in Markdown; '-' takes it from standard input.")],
    store: StoreOption = None,
    version: VersionOption = "",
    as_json: JsonOption = False,
) -> None:
    """Say what a registered model is, or a version of it."""
    from runfolio.store.registry.models import describe_model
    from runfolio.store.registry.versions import describe_version

    said = sys.stdin.buffer.read().decode("utf-8", "replace") if text == "-" else text
    with opened(context, store) as found:
        number = version_of(found, model, version) if version else None
        if number is None:
            _done(describe_model(found, model, said), model, None, as_json)
        else:
            _done(describe_version(found, model, number, said), model, number, as_json)


def rename(
    context: typer.Context,
    model: Model,
    name: Annotated[str, typer.Argument(help="The new name.")],
    store: StoreOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Give a registered model another name. Its log goes on; addresses with the old name lead nowhere."""
    from runfolio.store.registry.models import rename_model

    with opened(context, store) as found:
        outcome = rename_model(found, model, name, reason)
    _done(outcome, name, None, as_json)


def delete(
    context: typer.Context,
    model: Model,
    version: OneVersion = None,
    store: StoreOption = None,
    force: Annotated[bool, typer.Option("--force", help="Even if it is in a stage where it serves.")] = False,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Put a version, or a whole registered model, into the trash; `runfolio gc` empties it."""
    from runfolio.store.registry.models import delete_model
    from runfolio.store.registry.versions import delete_version

    with opened(context, store) as found:
        number = version_of(found, model, version) if version is not None else None
        if number is None:
            outcome = delete_model(found, model, reason, force)
        else:
            outcome = delete_version(found, model, number, reason, force)
    _done(outcome, model, number, as_json)


def restore(
    context: typer.Context,
    model: Model,
    version: Annotated[str | None, typer.Argument(help="The number of a version; without, the whole model.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take a version, or a whole registered model, out of the trash."""
    from runfolio.store.registry.models import restore_model
    from runfolio.store.registry.versions import restore_version

    number = None if version is None else version_number(version)
    with opened(context, store) as found:
        outcome = restore_model(found, model) if number is None else restore_version(found, model, number)
    _done(outcome, model, number, as_json)


def _done(outcome: Outcome, model: str, version: int | None, as_json: bool) -> None:
    print_done(outcome.text, as_json, name=model, version=version)
