"""`runfolio environments`: the environments that were made for projects and models, and removing them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import shapes, tables
from runfolio.cli.printing import say
from runfolio.cli.runs import JsonOption
from runfolio.core.clock import now_ms
from runfolio.core.numbers import age, counted, size

if TYPE_CHECKING:
    from runfolio.environments.listing import Kept

#: So many of what was asked to be installed are shown.
SHOWN = 4
#: Days after which an environment that nobody used is cleaned away.
DAYS = 30.0

app = typer.Typer(
    help="See the environments that projects and models run in, and remove them: they are made anew when needed.",
    no_args_is_help=True,
)


@app.command("list")
def list_them(as_json: JsonOption = False) -> None:
    """List the environments that are kept, the last used first."""
    from runfolio.environments import cache, listing

    found = listing.kept()
    if as_json:
        shapes.print_json([_shape(one) for one in found])
        return
    now = now_ms()
    rows = [(one.key[:8], one.of, _kind(one), size(one.size), _use(one, now), _packages(one)) for one in found]
    if rows:
        tables.print_table(("key", "made for", "python", "size", "used", "packages"), rows, ("size",))
    say(f"{counted(len(found), 'environment')} of {size(sum(one.size for one in found))} in {cache.root()}.")


@app.command("remove")
def remove(
    keys: Annotated[list[str], typer.Argument(help="Keys, or their beginnings, as they are listed.")],
    as_json: JsonOption = False,
) -> None:
    """Remove environments: all that are named, or none if one of them is not there."""
    from runfolio.environments import listing

    found = list({one.key: one for one in map(listing.named, keys)}.values())
    for one in found:
        listing.remove(one)
    _tell_removed(found, as_json)


@app.command("clean")
def clean(
    days: Annotated[
        float, typer.Option("--unused", min=0, help="Only what was not used for so many days; 0 for all.")
    ] = DAYS,
    as_json: JsonOption = False,
) -> None:
    """Remove environments that were not used for long, and what was left of making some; none that is in use."""
    from runfolio.environments import listing

    _tell_removed(listing.clean(days), as_json)


def _tell_removed(found: list[Kept], as_json: bool) -> None:
    text = f"Removed {counted(len(found), 'environment')} of {size(sum(one.size for one in found))}."
    shapes.print_done(text, as_json, keys=[one.key for one in found], bytes=sum(one.size for one in found))


def _kind(one: Kept) -> str:
    return f"{one.python} ({one.manager})" if one.manager else one.python


def _use(one: Kept, now: int) -> str:
    if not one.whole:
        return "being made" if one.in_use else "not whole"
    return "in use" if one.in_use else age(one.last_used, now)


def _packages(one: Kept) -> str:
    more = len(one.lines) - SHOWN
    return ", ".join(one.lines[:SHOWN]) + (f" and {more} more" if more > 0 else "")


def _shape(one: Kept) -> dict[str, Any]:
    return {
        "key": one.key,
        "folder": str(one.folder),
        "made_for": one.of,
        "manager": one.manager,
        "python": one.python,
        "packages": list(one.lines),
        "size": one.size,
        "made": one.made,
        "last_used": one.last_used,
        "whole": one.whole,
        "in_use": one.in_use,
    }
