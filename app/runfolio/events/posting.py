"""Posting a message to an address: within a time, to this address alone, whatever it answers."""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from runfolio.core.registry.events import PostEvent
from runfolio.events.answer import Answer
from runfolio.events.message import Message

#: Seconds that somebody has to answer, for each silence and for all of it.
SILENCE, WHOLE = 10.0, 20.0
#: So much of an answer's text is kept, in bytes.
SHOWN = 200
#: What is no trouble of the message itself, and may be over later; RFC 9110, section 15.5, and RFC 6585.
LATER = (408, 425, 429)


def post(event: PostEvent, message: Message, whole: float = WHOLE) -> Answer:
    """Post a message. Redirects are not followed, and no proxy is asked."""
    secret = os.environ.get(event.secret_from, "") if event.secret_from else ""
    if event.secret_from and not secret:
        return Answer(False, f"The variable {event.secret_from}, whose value signs the message, is not set.")
    try:
        with _connected(event.url, whole) as connection:
            status, text = _asked(connection, event.url, message.body, message.headers(secret, time.time()))
    except (OSError, http.client.HTTPException, ValueError) as problem:
        return Answer(False, f"{event.url} cannot be reached: {problem or type(problem).__name__}.")
    if 200 <= status < 300:
        return Answer(True, f"It answered {status}.")
    what = "leads elsewhere, which is not followed" if 300 <= status < 400 else "refused"
    answered = f"It answered {status} ({what}): {text}" if text else f"It answered {status} ({what})."
    return Answer(False, answered, hopeless=status < 500 and status not in LATER)


@contextlib.contextmanager
def _connected(url: str, whole: float) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut when its time is over, also where somebody answers a letter now and then."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=SILENCE, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=SILENCE)
    end = threading.Timer(whole, _cut, [connection])
    end.daemon = True
    try:
        connection.connect()
        end.start()
        yield connection
    finally:
        end.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _asked(connection: http.client.HTTPConnection, url: str, body: str, headers: Mapping[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", path, body.encode(), {"User-Agent": "runfolio", "Connection": "close", **headers})
    answer = connection.getresponse()
    return answer.status, answer.read(SHOWN).decode("utf-8", "replace").strip()
