"""`runfolio registry gates`: what is asked of versions before they move; shown, changed, or only checked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from runfolio.cli import tables
from runfolio.cli.opened import opened
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import say, warn
from runfolio.cli.registry.options import JsonOption, Model, ReasonOption
from runfolio.cli.shapes import print_done, print_json
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound

if TYPE_CHECKING:
    from runfolio.core.registry.policy import Policy
    from runfolio.store import Store

#: More than anybody writes, in bytes.
LARGEST = 1_000_000


def gates(
    context: typer.Context,
    model: Model,
    store: StoreOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", "-f", help="Set them to what this file says, in YAML; '-' reads it.")
    ] = None,
    check: Annotated[Path | None, typer.Option("--check", help="Only check a file for slips.")] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Edit them, in the editor of VISUAL or EDITOR.")] = False,
    allow: Annotated[bool, typer.Option("--allow-events", help="Let moves be told of from here, as they say.")] = False,
    reason: ReasonOption = "",
    as_json: JsonOption = False,
) -> None:
    """Show the gates of a registered model, with its stages and what is told of moves; or change them."""
    if sum((file is not None, check is not None, edit, allow)) > 1:
        raise InvalidValue("--file, --check, --edit and --allow-events are four things to do.", "Give one of them.")
    with opened(context, store) as found:
        if check is not None:
            _check(found, model, check, as_json)
        elif file is not None:
            _set(found, model, _read(file), reason, as_json)
        elif edit:
            _edit(found, model, reason, as_json)
        elif allow:
            _allow(found, model, as_json)
        else:
            _show(found, model, as_json)


def _show(store: Store, model: str, as_json: bool) -> None:
    from runfolio.core.registry.policy_text import parse_policy
    from runfolio.store.registry.policies import policy_text

    text = policy_text(store, model)
    policy = parse_policy(text)
    if as_json:
        print_json({"name": model, "policy": text, **_of_policy(policy)})
        return
    rows = [("stages", ", ".join(policy.stages)), ("one version holds", ", ".join(policy.single) or "none of them")]
    rows += [("on cards", ", ".join(policy.card))] if policy.card else []
    rows += [("told of moves", f"{_words(one.written())} ({', '.join(one.on) or 'all'})") for one in policy.events]
    tables.print_table(["", ""], rows)
    asked = [
        (stage, check.text, str(gate.when_failing)) for stage, gate in policy.gates.items() for check in gate.checks
    ]
    if asked:
        tables.print_table(("stage", "asks for", "when failing"), asked)
    else:
        say("Nothing is asked for. Write gates with --edit or --file.")


def _of_policy(policy: Policy) -> dict[str, Any]:
    return {
        "stages": list(policy.stages),
        "single": list(policy.single),
        "card": list(policy.card),
        "gates": {
            stage: {"when_failing": str(gate.when_failing), "checks": [one.text for one in gate.checks]}
            for stage, gate in policy.gates.items()
        },
        "events": [{"on": list(one.on), **one.written()} for one in policy.events],
    }


def _words(event: dict[str, object]) -> str:
    command = event.get("command")
    return " ".join(map(str, command)) if isinstance(command, list) else str(event.get("post"))


def _read(file: Path) -> str:
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if str(file) == "-" else _bytes_of(file)
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}.") from None
    except OSError as error:
        raise EnvironmentProblem(f"{file} cannot be read: {error.strerror or error}.") from error
    if len(content) > LARGEST:
        raise InvalidValue(f"{file} has more than {LARGEST:,} bytes: no policy is so long.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidValue(f"{file} is no text in UTF-8.") from None


def _bytes_of(file: Path) -> bytes:
    with file.open("rb") as opened_file:
        return opened_file.read(LARGEST + 1)


def _check(store: Store, model: str, file: Path, as_json: bool) -> None:
    from runfolio.store.registry.policies import check_policy

    policy = check_policy(store, model, _read(file))
    if as_json:
        print_json({"message": f"{file} can be the policy of {model}.", "name": model, **_of_policy(policy)})
        return
    say(f"{file} can be the policy of {model}.")


def _set(store: Store, model: str, text: str, reason: str, as_json: bool, expected: str | None = None) -> None:
    from runfolio.core.registry.policy_text import parse_policy
    from runfolio.store.registry.policies import set_policy

    outcome = set_policy(store, model, text, reason, expected=expected)
    print_done(outcome.text, as_json, name=model, **_of_policy(parse_policy(text)))


def _edit(store: Store, model: str, reason: str, as_json: bool) -> None:
    """Have it edited until it has no slip, or as long as the user wants to."""
    from runfolio.cli.editing import edited
    from runfolio.core.registry.policy_text import parse_policy, write_policy
    from runfolio.store.registry.policies import check_policy, policy_text

    before = policy_text(store, model)
    text = start = before or write_policy(parse_policy(""))
    while True:
        text = edited(text, ".yaml")
        if text == (before or start):
            kept = _of_policy(parse_policy(before))
            print_done(f"The gates of {model} are as they were", as_json, name=model, **kept)
            return
        try:
            check_policy(store, model, text)
            break
        except InvalidValue as slip:
            warn(slip)
            if not (sys.stdin.isatty() and typer.confirm("Edit it again?", default=True, err=True)):
                raise
    _set(store, model, text, reason, as_json, before)


def _allow(store: Store, model: str, as_json: bool) -> None:
    from runfolio.store.registry.allowed import allow
    from runfolio.store.registry.deliveries import start_sender
    from runfolio.store.registry.policies import policy_of

    events = policy_of(store, model).events
    allow(store, events)
    if events:
        start_sender(store)
    told = [_words(one.written()) for one in events]
    said = f"Allowed here: {'; '.join(told)}" if told else f"{model} has nothing told of its moves"
    print_done(said, as_json, name=model, events=[one.written() for one in events])
