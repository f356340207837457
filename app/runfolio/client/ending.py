"""How a run ends that is still open when its process ends."""

from __future__ import annotations

import builtins
import sys
from contextlib import suppress
from types import TracebackType
from typing import Any, NoReturn

from runfolio.client.notebook import in_notebook
from runfolio.core.states import RunStatus


def status_of(error: BaseException | None) -> RunStatus:
    """How a run ends that is left with this exception."""
    if error is None or (isinstance(error, SystemExit) and error.code in (None, 0)):
        return RunStatus.FINISHED
    return RunStatus.KILLED if isinstance(error, KeyboardInterrupt) else RunStatus.FAILED


class _Exit:
    """A way to end a program, `sys.exit` or `exit`, that keeps what it raised last."""

    raised: SystemExit | None = None

    def __init__(self, original: Any) -> None:
        self._original = original

    def __call__(self, code: Any = None) -> NoReturn:
        try:
            self._original(code)
        except SystemExit as error:
            _Exit.raised = error
            raise
        raise AssertionError("a way to exit returned")

    def __repr__(self) -> str:
        return repr(self._original)


def watch_exit() -> None:
    """Have the functions that end a program tell how, for nobody else keeps the code that it ends with."""
    if not isinstance(sys.exit, _Exit):
        sys.exit = _Exit(sys.exit)
    for name in ("exit", "quit"):
        there = getattr(builtins, name, None)
        if type(there).__module__ == "_sitebuiltins":  # a console has its own
            setattr(builtins, name, _Exit(there))


def exception_of_process() -> BaseException | None:
    """The exception that this process is ending with, as far as it can be known at exit.

    A session at a prompt or in a notebook goes on after an exception: none of its exceptions ends it.
    """
    if hasattr(sys, "ps1") or in_notebook():
        return None
    if _Exit.raised is not None and _reached_the_top(_Exit.raised.__traceback__):
        return _Exit.raised
    error = getattr(sys, "last_value", None)
    return error if isinstance(error, BaseException) else None


def keep_exit_code(error: BaseException | None) -> None:
    """Have a process that Ctrl+C ends tell so by its exit code, as a shell expects.

    The interpreter notes that an interrupt was not handled, and forgets it when it runs any text as code, which the
    making of a dataclass does. So it is told again.
    """
    if isinstance(error, KeyboardInterrupt):
        with suppress(KeyboardInterrupt):
            exec("raise KeyboardInterrupt")


def _reached_the_top(trace: TracebackType | None) -> bool:
    """Whether an exception came through all callers.

    A traceback begins in the frame that caught its exception or, before Python 3.12, that looked at it last: it went
    on from there if that frame ended by raising.
    """
    if trace is None:
        return False
    import dis

    frame = trace.tb_frame
    last = dis.opname[frame.f_code.co_code[frame.f_lasti]]
    return frame.f_back is None or last in ("RERAISE", "RAISE_VARARGS")
