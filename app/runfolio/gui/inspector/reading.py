"""What one job reads for the inspector: a run, and what the page that is looked at shows of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from runfolio.gui.inspector.facts import Details, read_details
from runfolio.gui.inspector.pages import Page, Reader
from runfolio.store import Store


@dataclass(frozen=True, slots=True)
class Reading:
    """A run as it was read.

    Attributes:
        details: None if it is gone.
        page: the number of the page that `found` is for; None if only the details were read.
        found: what that page's reader found.
    """

    details: Details | None
    page: int | None = None
    found: Any = None


@dataclass(frozen=True, slots=True)
class ReadablePage:
    """A page as a worker sees it: whether it has anything to show of a run, and what reads that."""

    page: int
    applies: Callable[[Details], bool]
    reader: Reader | None


def readable(number: int, page: Page) -> ReadablePage:
    """What a worker needs of a page; to be called on the main thread."""
    return ReadablePage(number, type(page).applies, page.reader())


def read(store: Store, run: int, pages: Sequence[ReadablePage], wanted: Callable[[], bool]) -> Reading:
    """A run with the first of the pages that has anything to show of it; less of one that nobody waits for any more."""
    details = read_details(store, run)
    chosen = next((one for one in pages if details is not None and one.applies(details)), None)
    if details is None or chosen is None or not wanted():
        return Reading(details)
    return Reading(details, chosen.page, chosen.reader(store, details) if chosen.reader is not None else None)
