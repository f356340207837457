"""`python -m runfolio.serving FOLDER`: a model in a folder answers, with no store, window or command line beside it.

Images of models are started by it; on a desktop, `runfolio models serve` does the same and more.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, InvalidValue, UserError
from runfolio.core.serving.records import LOOPBACK, OWN, PORT, Wanted
from runfolio.models.safety.trust import require
from runfolio.serving.control import TOKEN_VARIABLE
from runfolio.serving.ending import end_by_signals
from runfolio.serving.front.main import bound, serve


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until a signal ends it; the exit code."""
    logging.basicConfig(format="%(message)s", level=logging.INFO)
    end_by_signals()
    given = _parser().parse_args(argv)
    token = os.environ.pop(TOKEN_VARIABLE, "")  # which the model's own code need not know
    try:
        _serve(given, token)
    except KeyboardInterrupt:
        return 0
    except UserError as problem:
        _tell(f"{problem.message} {problem.hint}".strip())
        return 2 if isinstance(problem, InvalidValue) else 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m runfolio.serving", description="Serve the model in a folder.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--host", default=LOOPBACK)
    parser.add_argument("--port", type=int, default=PORT)
    parser.add_argument("--workers", type=int, default=1, help="processes of the model")
    parser.add_argument("--no-token", action="store_true", help=f"answer others without {TOKEN_VARIABLE}")
    parser.add_argument("--trust", action="store_true", help="load a model that can run code")
    return parser


def _serve(given: argparse.Namespace, token: str) -> None:
    if given.host not in OWN and not token and not given.no_token:
        message = f"On {given.host} others can reach the server, and {TOKEN_VARIABLE} is not set."
        raise InvalidValue(message, "Set it to what clients must send, or give --no-token.")
    if given.workers < 1:
        raise InvalidValue("A model is served by one process or more.")
    if not given.trust:
        require(given.folder)
    try:
        listening = bound(given.host, given.port)
    except (OSError, OverflowError) as problem:
        raise EnvironmentProblem(f"Nothing can listen on {given.host}, port {given.port}: {problem}.", "") from problem
    wanted = Wanted(str(given.folder), given.host, listening.getsockname()[1], token, given.workers)
    told = f"{given.folder} answers at {wanted.address}"
    serve(wanted, given.folder, None, listening, tell=_tell, ready=lambda _: _tell(told))


def _tell(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
