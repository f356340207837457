"""When a server's process ends by itself: at a signal, and when whoever has started it is gone."""

from __future__ import annotations

import os
import signal
import sys
import threading


def end_by_signals() -> None:
    """Have the signal by which processes are ended do what Ctrl+C does, so that nothing is left behind."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def end_with_input() -> None:
    """End this process when its input does: it is a pipe, whose other end has gone with the process that had it."""
    threading.Thread(target=_watch, name="input", daemon=True).start()


def _watch() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    main = threading.main_thread().ident
    if sys.platform != "win32" and main is not None:
        signal.pthread_kill(main, signal.SIGINT)  # which wakes it where it waits; a signal to this thread does not
    else:
        signal.raise_signal(signal.SIGINT)
