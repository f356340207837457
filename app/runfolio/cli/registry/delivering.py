"""`runfolio registry deliver` and `deliveries`: telling what is due of moves, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import tables
from runfolio.cli.exit_codes import ExitCode
from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import say, warn
from runfolio.cli.registry.options import JsonOption
from runfolio.cli.shapes import print_json
from runfolio.core.clock import now_ms

if TYPE_CHECKING:
    from runfolio.events.answer import Answer
    from runfolio.store.registry.deliveries import Delivery


def deliver(
    context: typer.Context,
    store: StoreOption = None,
    again: Annotated[bool, typer.Option("--again", help="Try those that failed once more, too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Tell others what is due of moves: run commands, post messages; ends when nothing is due within a minute.

    Every move starts this by itself if the policy of its model has events. The exit code is 1 if an attempt failed.
    """
    from runfolio.events import sending
    from runfolio.store.registry.deliveries import try_again

    attempts: list[dict[str, Any]] = []

    def tell(one: Delivery, answer: Answer) -> None:
        attempts.append({"id": one.id, "done": answer.done, "told": answer.told})
        if not as_json:
            say(f"{'ok ' if answer.done else 'BAD'}  {_move(one)}: {answer.told}")

    with opened(context, store) as found:
        if again:
            try_again(found, now_ms())
        at_work = sending.send_all(found, tell)
        left = sending.not_allowed(found)
    for name in sorted({one.entry.model for one in left}):
        warn(f"What is told of moves of {name} is not allowed here: runfolio registry gates {name} --allow-events.")
    if as_json:
        print_json({"attempts": attempts, "not_allowed": [one.id for one in left], "elsewhere": not at_work})
    elif not at_work:
        say("Another process is at it.")
    elif not attempts:
        say("Nothing is due.")
    if not all(one["done"] for one in attempts):
        raise typer.Exit(ExitCode.TROUBLE)


def deliveries(context: typer.Context, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Show what was to be told of moves, and what came of each attempt."""
    from runfolio.store.registry.deliveries import list_deliveries

    with opened(context, store) as found:
        listed = list_deliveries(found)
    if as_json:
        print_json([_shape(one) for one in listed])
    elif not listed:
        say("Nobody was to be told of a move yet.")
    else:
        tables.print_table(("", "move", "whom", "is", "attempts", "the last one"), map(_row, listed), ("", "attempts"))


def _move(one: Delivery) -> str:
    return f"{one.entry.model} v{one.entry.version} to {one.entry.new}"


def _row(one: Delivery) -> tuple[str, ...]:
    whom = one.target.get("post") or " ".join(map(str, one.target.get("command", [])))
    last = one.told.splitlines()[-1] if one.told else ""
    return str(one.id), _move(one), str(whom), one.state, str(one.attempts), last


def _shape(one: Delivery) -> dict[str, Any]:
    """A delivery; times are epoch milliseconds."""
    entry = one.entry
    move = {"name": entry.model, "version": entry.version, "stage": entry.new, "time": entry.time}
    told = {"state": one.state, "attempts": one.attempts, "next_time": one.next_time, "told": one.told.splitlines()}
    return {"id": one.id, **move, "audit_number": entry.number, "target": one.target, **told}
