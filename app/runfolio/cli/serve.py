"""`runfolio models serve`: a model answers over HTTP until Ctrl+C."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Annotated

import typer

from runfolio.cli.models import ADDRESS, TrustOption, address_of, folder_of, trusting
from runfolio.cli.options import StoreOption, chosen
from runfolio.cli.printing import warn
from runfolio.cli.runs import JsonOption
from runfolio.cli.shapes import print_json
from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.paths import store_path
from runfolio.core.serving.records import EVERYWHERE, LOOPBACK, OWN, PORT, Limits, Wanted
from runfolio.serving.control import TOKEN_VARIABLE
from runfolio.serving.ending import end_by_signals, end_with_input
from runfolio.serving.notes import noted

PORT_HELP = f"Where it listens. [default: {PORT}, or the next one that is free]"
HOST_HELP = "Where it listens; any address but this machine's own needs --token."


def serve(
    context: typer.Context,
    model: Annotated[str, typer.Option("--model-uri", "-m", help=ADDRESS)],
    port: Annotated[int | None, typer.Option("--port", "-p", min=0, max=65535, help=PORT_HELP)] = None,
    host: Annotated[str, typer.Option("--host", "-h", help=HOST_HELP)] = LOOPBACK,
    token: Annotated[str | None, typer.Option("--token", envvar=TOKEN_VARIABLE, help="What clients must send.")] = None,
    workers: Annotated[int, typer.Option("--workers", "-w", min=1, max=64, help="Processes of the model.")] = 1,
    env_manager: Annotated[str, typer.Option("--env-manager", help="local, or auto, uv, venv, conda.")] = "local",
    timeout: Annotated[float, typer.Option("--timeout", "-t", min=0.1, help="Seconds for a prediction.")] = 60.0,
    largest: Annotated[int, typer.Option("--max-body", min=1, max=128, help="MB of a request.")] = 64,
    batch: Annotated[int, typer.Option("--batch", min=1, help="Requests predicted together; 1 for none.")] = 64,
    patience: Annotated[float, typer.Option("--patience", min=0.1, help="Seconds for a request to come.")] = 15.0,
    debug: Annotated[bool, typer.Option("--debug", help="Have errors tell where in the code they came up.")] = False,
    attached: Annotated[bool, typer.Option("--attached", help="End when standard input does.")] = False,
    trust: TrustOption = False,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """Serve a model: the routes, requests and answers are those of MLflow's scoring server."""
    from runfolio.models.safety.trust import require
    from runfolio.serving.front.main import serve as serve_model

    if token == "":  # of a variable that is not set, maybe: nobody would see that nothing is asked for
        raise InvalidValue("The token is empty.", "Leave --token out for a server that asks for none.")
    if host not in OWN and not token:
        raise InvalidValue(f"On {host} others can reach the server.", "Give a --token that they must send.")
    manager = _manager(env_manager)
    os.environ.pop(TOKEN_VARIABLE, None)  # which the model's own code need not know
    end_by_signals()
    if attached:
        end_with_input()
    address = address_of(context, store, model)
    folder = folder_of(context, store, address)
    require(folder, trusting(address, trust))
    limits = Limits(seconds=timeout, bytes=largest << 20, batch=batch, idle=patience)
    listening = _listening(host, port)
    number = listening.getsockname()[1]
    wanted = Wanted(address, host, number, token or "", workers, manager, limits, debug, not attached)

    with noted(store_path(chosen(context, store)), wanted) as note:

        def ready(version: str) -> None:
            at = wanted.address
            note(at, version)
            if as_json:
                print_json({"address": at, "model": address, "version": version})
            else:
                named = f" (version {version})" if version else ""
                others = ", and at this machine's other addresses" if host in EVERYWHERE else ""
                warn(f"{address}{named} answers at {at}{others}; {at}/docs says how it is asked.")

        serve_model(wanted, folder, _followed(context, store, address), listening, tell=warn, ready=ready)


def _listening(host: str, port: int | None) -> socket.socket:
    """A socket on the port; on the next free one where none was asked for. Raises InvalidValue, EnvironmentProblem."""
    from runfolio.serving.front.main import bound, free_port

    wanted = PORT if port is None else port
    try:
        return bound(host, wanted)
    except OSError as problem:
        free = free_port(host, wanted + 1) if wanted else None
        if port is None and free is not None:
            warn(f"port {wanted} is in use; taking {free}.")
            return bound(host, free)
        hint = "" if free is None else f"Port {free} is free: -p {free}"
        raise EnvironmentProblem(f"Nothing can listen on {host}, port {wanted}: {problem.strerror}.", hint) from problem


def _manager(word: str) -> str:
    known = {"local": "local", "auto": "auto", "uv": "uv", "venv": "venv", "conda": "conda", "virtualenv": "uv"}
    if word not in known:
        raise InvalidValue(f"There is no environment manager {word!r}.", f"There are {', '.join(known)}.")
    return known[word]


def _followed(context: typer.Context, store: Path | None, address: str) -> Path | None:
    """The store whose registry the address is of."""
    return store_path(chosen(context, store)) if address.startswith("models:") else None
