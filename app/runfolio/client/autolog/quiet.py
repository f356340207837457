"""Keeps trouble of autologging away from the training: it is told once, and never raised."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger("runfolio")
_told: set[tuple[str, str, str]] = set()


@contextmanager
def quietly(library: str, doing: str, silent: bool = False) -> Iterator[None]:
    """Carry out a step of autologging; an error in it is a warning, once for each kind of error."""
    try:
        yield
    except Exception as error:
        kind = type(error).__name__
        tell_once(library, doing, f"{kind}: {error}", kind, silent)


def tell_once(library: str, doing: str, what: str, kind: str, silent: bool = False) -> None:
    """Warn, unless something of this kind was said of this step before in this process."""
    if not silent and (library, doing, kind) not in _told:
        _told.add((library, doing, kind))
        what = what if what.endswith(".") else what + "."
        log.warning("Autologging of %s, %s: %s The training is not affected.", library, doing, what)
