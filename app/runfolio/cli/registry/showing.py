"""`runfolio registry list`, `show` and `versions`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runfolio.cli import tables
from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import say
from runfolio.cli.registry import shapes
from runfolio.cli.registry.options import JsonOption, Model, Version, version_of
from runfolio.cli.runs import DeletedOption
from runfolio.cli.shapes import print_json
from runfolio.core import numbers
from runfolio.core.clock import now_ms

if TYPE_CHECKING:
    from runfolio.core.registry.policy import Policy
    from runfolio.core.registry.records import ModelVersion, RegisteredModel, VersionFile


def list_models(
    context: typer.Context, store: StoreOption = None, deleted: DeletedOption = False, as_json: JsonOption = False
) -> None:
    """List the registered models, and which version is in which stage."""
    from runfolio.store.registry import reading

    with opened(context, store) as found:
        models = reading.list_models(found, deleted)
    if as_json:
        print_json([shapes.of_model(one) for one in models])
    elif not models:
        say("No registered model is in the trash." if deleted else "No registered models yet.")
    else:
        tables.print_table(("model", "versions", "in", "aliases", "changed"), map(_row, models), ("versions",))


def _row(model: RegisteredModel) -> tuple[str, ...]:
    held = (f"{stage} v{model.holders[stage]}" for stage in model.stages[1:-1] if stage in model.holders)
    aliases = (f"@{alias} v{version}" for alias, version in sorted(model.aliases.items()))
    changed = numbers.age(model.last_update_time, now_ms())
    return model.name, f"{model.versions:,}", ", ".join(held), ", ".join(aliases), changed


def show(
    context: typer.Context,
    model: Model,
    version: Annotated[
        str | None, typer.Argument(help="One of its versions: a number, a stage, 'latest', or @alias.")
    ] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show everything about a registered model, or about a version of it."""
    if version is not None:
        _show_version(context, model, version, store, as_json)
        return
    from runfolio.store.registry import reading

    with opened(context, store) as found:
        one = reading.get_model(found, model)
        versions = reading.list_versions(found, model)
    if as_json:
        print_json(shapes.of_model(one) | {"model_versions": [shapes.of_version(each) for each in versions]})
        return
    facts = {"model": one.name, "created": numbers.full_time(one.creation_time), "stages": ", ".join(one.stages)}
    facts |= {f"@{alias}": f"v{number}" for alias, number in sorted(one.aliases.items())}
    tables.print_table(("", ""), list(facts.items()))
    _print_texts(one.description, dict(one.tags))
    _print_versions(versions, ())


def _show_version(context: typer.Context, model: str, version: Version, store: StoreOption, as_json: bool) -> None:
    from runfolio.store.registry import reading

    with opened(context, store) as found:
        one = reading.get_version(found, model, version_of(found, model, version))
        files = reading.files_of(found, one.id)
        folder = reading.folder_of(found, model, one.version)
    if as_json:
        print_json(shapes.of_version(one) | {"path": str(folder), "files": shapes.of_files(files)})
    else:
        _print_version(one, str(folder), files)


def versions(
    context: typer.Context,
    model: Model,
    store: StoreOption = None,
    deleted: DeletedOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the versions of a registered model, the newest first."""
    from runfolio.store.registry import reading
    from runfolio.store.registry.policies import policy_of

    with opened(context, store) as found:
        listed = reading.list_versions(found, model, deleted)
        policy: Policy | None = None if deleted else policy_of(found, model)
    if as_json:
        print_json([shapes.of_version(one) for one in listed])
    elif not listed:
        say(f"No version of {model} is in the trash." if deleted else f"{model} has no version yet.")
    else:
        _print_versions(listed, policy.card if policy is not None else ())


def _print_versions(listed: list[ModelVersion], card: tuple[str, ...]) -> None:
    if not listed:
        return
    now = now_ms()
    rows = (
        (
            f"v{one.version}",
            one.stage,
            ", ".join(f"@{alias}" for alias in one.aliases),
            numbers.age(one.creation_time, now),
            one.user,
            one.run_name or one.source,
            numbers.size(one.size),
            *(numbers.short(one.metrics[key]) if key in one.metrics else "" for key in card),
        )
        for one in listed
    )
    titles = ("version", "stage", "aliases", "registered", "by", "from", "size", *card)
    tables.print_table(titles, rows, ("size", *card))


def _print_version(one: ModelVersion, folder: str, files: list[VersionFile]) -> None:
    facts = {
        "version": one.uri,
        "stage": f"{one.stage}, since {numbers.full_time(one.stage_time)}",
        "aliases": ", ".join(f"@{alias}" for alias in one.aliases),
        "registered": f"{numbers.full_time(one.creation_time)} by {one.user}",
        "from": one.source,
        "run": one.run_link or (one.run_id and f"{one.run_id} {one.run_name}".strip()),
        "flavors": ", ".join(one.facts.flavors),
        "folder": folder,
        "digest": one.digest,
    }
    rows = [(name, str(value)) for name, value in facts.items() if value]
    for part, columns in (("input", one.facts.inputs), ("output", one.facts.outputs), ("parameter", one.facts.params)):
        rows += [(part if place == 0 else "", f"{name}: {kind}") for place, (name, kind) in enumerate(columns)]
    tables.print_table(("", ""), rows)
    _print_texts(one.description, dict(one.tags))
    if one.metrics:
        tables.print_table(("metric", "last"), [(key, numbers.exact(value)) for key, value in one.metrics.items()])
    listed = [(file.path, numbers.size(file.size), file.sha256) for file in files]
    tables.print_table(("file", "size", "sha256"), listed, ("size",))


def _print_texts(description: str, tags: dict[str, str]) -> None:
    if description:
        say(description)
    if tags:
        tables.print_table(("tag", "value"), tags.items())
