"""Who may ask: this machine by its own names, pages of no other site, and whoever has the token where one is needed."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from http import HTTPStatus

from runfolio.core.serving.records import OWN
from runfolio.serving.worker.replies import Reply, of_error

#: Names of this machine that no other site can have (RFC 6761, section 6.3), or none.
NAMES = frozenset((*OWN, ""))
#: What needs no token, so that whoever watches the server can ask whether it lives.
OPEN = frozenset(("/ping", "/health", "/version"))


class Access:
    """What is refused.

    Args:
        host: where the server listens. On another address than this machine's own, any name is taken.
        token: what `Authorization: Bearer …` must say; "" for nothing.
    """

    def __init__(self, host: str, token: str) -> None:
        self._own_names = host in NAMES
        self._token = token.encode()

    def refusal(self, path: str, headers: Mapping[str, str]) -> Reply | None:
        """What to answer instead; None where a request is allowed."""
        host = _name(headers.get("host", ""))
        if self._own_names and host not in NAMES:  # a page of another site whose name has come to mean this machine
            return of_error(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", f"This server is not {host[:100]}.")
        origin = headers.get("origin")
        # Compared as a text: a site is `null`, or a scheme and what a Host header has (RFC 6454, section 6.2).
        if origin is not None and origin.partition("://")[2] != (headers.get("host") or None):
            return of_error(HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", "Pages of other sites may not ask this server.")
        if self._token and path not in OPEN and not self._has_token(headers.get("authorization", "")):
            return of_error(HTTPStatus.UNAUTHORIZED, "UNAUTHENTICATED", "Send the token: Authorization: Bearer …")
        return None

    def _has_token(self, header: str) -> bool:
        scheme, _, given = header.partition(" ")
        # In a time that tells nothing of how much of it is right.
        return hmac.compare_digest(given.strip().encode("latin-1"), self._token) and scheme.lower() == "bearer"


def _name(host: str) -> str:
    """The name in a Host header, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
