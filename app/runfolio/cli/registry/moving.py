"""`runfolio registry register`, `promote` and `rollback`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from runfolio.cli import tables
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import progress_bar, say, warn
from runfolio.cli.registry.options import JsonOption, Model, ReasonOption, Version, version_of
from runfolio.cli.registry.shapes import of_judgement
from runfolio.cli.registry.sources import source_of
from runfolio.cli.shapes import print_done, print_json
from runfolio.core.errors import GateFailed, InvalidValue

if TYPE_CHECKING:
    from runfolio.core.registry.gates import Judgement
    from runfolio.store.registry.transitions import Preview


def register(
    context: typer.Context,
    source: Annotated[str, typer.Argument(help="runs:/<run id>/<path>, models:/..., or a file or folder.")],
    model: Annotated[str, typer.Argument(help="The registered model; it is made if there is none of the name.")],
    store: StoreOption = None,
    description: Annotated[str, typer.Option("--description", "-d", help="What the version is; Markdown.")] = "",
    tags: Annotated[list[str] | None, typer.Option("--tag", "-t", help="KEY=VALUE; may be repeated.")] = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Register a model that was logged, or any file or folder, as the next version of a registered model.

    What the version lacks of a candidate is told. Its files are the registry's from then on.
    """
    from runfolio.store.registry.registering import register as add
    from runfolio.store.steps import Steps

    given = dict(_pair(one) for one in tags or ())
    with opened(context, store) as found:
        taken = source_of(found, source)
        with progress_bar("Registering") as progress:
            steps = Steps(progress)
            made = add(found, model, taken, description=description, tags=given, reason=reason, steps=steps)
    if as_json:
        named = {"name": model, "version": made.version, "uri": f"models:/{model}/{made.version}"}
        print_json({"message": made.outcome.text, **named, "advice": list(made.advice)})
        return
    say(made.outcome.text)
    for one in made.advice:
        warn(one)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise InvalidValue(f"{text!r} is not a tag.", "Write it as --tag reviewed=yes.")
    return key, value


def promote(
    context: typer.Context,
    model: Model,
    version: Version,
    stage: Annotated[str, typer.Argument(help="Where to, such as Staging or Production.")],
    store: StoreOption = None,
    reason: ReasonOption = "",
    sign_off: Annotated[str, typer.Option("--sign-off", help="Who says yes, where the gates ask for somebody.")] = "",
    keep_holder: Annotated[bool, typer.Option("--keep-holder", help="Leave the version there that is there.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would come of it.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Move a version to a stage, if the gates let it pass; the version that holds the stage is archived.

    The exit code is 1 if they do not, with --dry-run too.
    """
    from runfolio.store.registry.transitions import preview, transition

    with opened(context, store) as found:
        number = version_of(found, model, version)
        seen = preview(found, model, number, stage, sign_off)
        passes = seen.judgement.passed or (seen.judgement.needs_reason and bool(reason.strip()))
        message = None
        if passes and not dry_run:
            archive = False if keep_holder else None
            options = {"reason": reason, "signed_off_by": sign_off}
            message = transition(found, model, number, stage, archive=archive, **options).text
    archived = [] if keep_holder else list(seen.archived)
    if as_json:
        named = {"name": model, "version": number, "stage": seen.stage, "archived": archived, "dry_run": dry_run}
        print_json({"message": message, **named, **of_judgement(seen.judgement)})
    else:
        _print_checks(seen.judgement)
        say(message or _would(model, number, seen, archived, passes))
    if not passes:
        raise _refused(model, number, seen) if not dry_run else typer.Exit(ExitCode.TROUBLE)


def _print_checks(judgement: Judgement) -> None:
    if judgement.checks:
        rows = [("pass" if one.passed else "FAIL", one.text, one.found) for one in judgement.checks]
        tables.print_table(("gate", "asks for", "found"), rows)


def _would(model: str, version: int, seen: Preview, archived: list[int], passes: bool) -> str:
    if not passes:
        return f"{model} v{version} does not pass the gates of {seen.stage}: {seen.judgement.summary}."
    also = f"; {', '.join(f'v{one}' for one in archived)} to Archived" if archived else ""
    return f"Would move {model} v{version} to {seen.stage}{also}."


def _refused(model: str, version: int, seen: Preview) -> GateFailed:
    hint = "Give a reason to move it nevertheless: --reason." if seen.judgement.needs_reason else ""
    message = f"{model} v{version} is not moved to {seen.stage}."
    return GateFailed(
        message, hint or "Mend that, or change the model's gates: runfolio registry gates.", seen.judgement
    )


def rollback(
    context: typer.Context,
    model: Model,
    stage: Annotated[str, typer.Argument(help="The stage to roll back.")] = "Production",
    store: StoreOption = None,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Move the version back to a stage that was there before; the one that is there is archived. No gate is asked."""
    from runfolio.store.registry.reading import get_model
    from runfolio.store.registry.transitions import rollback as roll_back

    with opened(context, store) as found:
        outcome = roll_back(found, model, stage, reason)
        one = get_model(found, model)
    holders = {name.casefold(): number for name, number in one.holders.items()}
    print_done(outcome.text, as_json, name=model, stage=stage, version=holders.get(stage.casefold()))
