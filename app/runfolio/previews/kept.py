"""What has been opened of the last few files, so that the next question about them need not begin anew."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from runfolio.previews.files import Stamp, stamp

T = TypeVar("T")
#: So many are kept; their memory is bounded by what each reader allows itself.
MOST = 8


class Kept:
    """Opened files by what opened them and by their state; the one that was not asked for longest goes first."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._opened: OrderedDict[tuple[Stamp, Callable[..., Any], tuple[Any, ...]], Any] = OrderedDict()

    def get(self, opener: Callable[..., T], path: str, *arguments: Any) -> T:
        """What `opener(path, *arguments)` gave for the file as it is now, or gives.

        Raises:
            CannotShow: there is no such plain file; or what the opener raises.
        """
        now = stamp(path)
        key = (now, opener, arguments)
        if key in self._opened:
            self._opened.move_to_end(key)
            found: T = self._opened[key]
            return found
        for old in [old for old in self._opened if old[0].path == path and old[0] != now]:
            _close(self._opened.pop(old))
        made = opener(path, *arguments)
        self._opened[key] = made
        while len(self._opened) > self._most:
            _close(self._opened.popitem(last=False)[1])
        return made

    def clear(self) -> None:
        """Let go of everything."""
        while self._opened:
            _close(self._opened.popitem()[1])


def _close(opened: Any) -> None:
    close = getattr(opened, "close", None)
    if close is not None:
        close()
