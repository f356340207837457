"""A line on a terminal that tells how far the copy of a large file is; nothing where nobody would see it."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from runfolio.core.copying import Told, untold

#: What takes less is not told of; seconds.
PATIENCE = 2.0
#: How often the line is written anew; seconds.
PACE = 0.2


@contextmanager
def progress_line(what: str, total: int) -> Iterator[Told]:
    """What is to be told how many of so many bytes have been copied. The line is gone when it is over."""
    # Not sys.stderr, which may be captured with the run.
    stream = sys.__stderr__
    if stream is None or stream.closed or not stream.isatty():
        yield untold
        return
    begun = shown = time.monotonic()

    def told(done: int) -> None:
        nonlocal shown
        now = time.monotonic()
        if now - begun > PATIENCE and now - shown > PACE:
            from runfolio.core.numbers import size  # which, as the other one, most processes that log never need
            from runfolio.core.printable import printable

            shown = now
            share = f" ({done / total:.0%})" if 0 < total >= done else ""
            stream.write(f"\r\x1b[K{printable(what)}: {size(done)} of {size(total)}{share}")
            stream.flush()

    try:
        yield told
    finally:
        if shown != begun:
            stream.write("\r\x1b[K")
            stream.flush()
