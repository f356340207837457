"""Gets a zip file from a web server."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.secrets import url_without_user
from runfolio.projects.sources.source import Watch

if TYPE_CHECKING:
    import http.client

#: Seconds that a server may keep silent, and bytes of a file.
TIMEOUT, MOST_BYTES = 30.0, 4 << 30
BLOCK = 1 << 18


@contextmanager
def download(url: str, work: Path, watch: Watch) -> Iterator[Path]:
    """A file of a web server, in a folder; removed at the end. Raises EnvironmentProblem, InvalidValue, Stopped."""
    # What speaks with web servers takes a while to load, and is seldom needed.
    import http.client
    import urllib.error
    import urllib.request

    shown = url_without_user(url)
    watch.tell(f"Downloading {shown}.")
    with tempfile.NamedTemporaryFile(dir=work, prefix="download-", suffix=".zip") as file:
        try:
            # The address was read as one of http or https, and only those are followed.
            with urllib.request.urlopen(url, timeout=TIMEOUT) as answer:
                _copy(answer, file, shown, watch)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError, ValueError) as error:
            raise EnvironmentProblem(f"{shown} cannot be fetched: {error}.", "Check the address.") from error
        file.flush()
        yield Path(file.name)


def _copy(answer: http.client.HTTPResponse, file: IO[bytes], shown: str, watch: Watch) -> None:
    total = 0
    while block := answer.read(BLOCK):
        watch.check()
        total += len(block)
        if total > MOST_BYTES:
            raise InvalidValue(f"{shown} is larger than {MOST_BYTES >> 30} GB.")
        file.write(block)
    if answer.length:  # what is still to come of the length that was told
        raise ConnectionError("the answer broke off")
