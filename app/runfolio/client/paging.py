"""Results page by page, as MLflow's client hands them out."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import TypeVar

from runfolio.core.errors import InvalidValue

T = TypeVar("T")


class PagedList(list[T]):
    """A page; `token` asks for the next one and is None on the last."""

    def __init__(self, items: Iterable[T], token: str | None) -> None:
        super().__init__(items)
        self.token = token

    def to_list(self) -> list[T]:
        """The page as a plain list."""
        return list(self)


def paged(find: Callable[[int, int], list[T]], size: int, token: str | None) -> PagedList[T]:
    """A page of what `find(limit, offset)` finds, from where the token says. Raises InvalidValue."""
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise InvalidValue(f"A page has at least 1 result, not {size!r}.")
    offset = _offset(token) if token else 0
    found = find(size + 1, offset)
    more = len(found) > size
    return PagedList(found[:size], _token(offset + size) if more else None)


def _token(offset: int) -> str:
    return base64.b64encode(json.dumps({"offset": offset}).encode()).decode()


def _offset(token: str) -> int:
    try:
        offset = json.loads(base64.b64decode(token, validate=True))["offset"]
    except (binascii.Error, ValueError, TypeError, KeyError) as error:
        raise InvalidValue(f"{token!r} is not a token of a page.", "Pass the `token` of the page before.") from error
    if not isinstance(offset, int) or isinstance(offset, bool) or offset < 0:
        raise InvalidValue(f"{token!r} is not a token of a page.", "Pass the `token` of the page before.")
    return offset
