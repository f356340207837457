"""Where data came from, by MLflow's kinds of sources. No credentials are kept."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

from runfolio.client.capture.program import program_tags
from runfolio.client.capture.secrets import masked, url_without_user
from runfolio.core.errors import InvalidValue

# The kinds of MLflow's sources by the schemes of their addresses, and the field that holds the address.
_SCHEMES = {"s3": "s3", "gs": "gs", "http": "http", "https": "http", "hdfs": "hdfs", "wasbs": "wasbs", "abfss": "abfss"}


@dataclass(frozen=True)
class Source:
    """A kind of source and what identifies one of it."""

    kind: str
    values: Mapping[str, Any]

    @property
    def uri(self) -> str | None:
        """The address, if it has one."""
        return self.values.get("uri") or self.values.get("url")

    def to_json(self) -> str:
        """What identifies it, as MLflow stores it."""
        return json.dumps(self.values)


def source_of(given: Any) -> Source:
    """The source for what a user said of it: an address, a path, a source, or nothing, which means this program.

    Raises:
        InvalidValue: it is none of these.
    """
    if given is None:
        return Source("code", {"tags": _program()})
    if isinstance(given, Source):
        return given
    if not isinstance(given, (str, os.PathLike)):
        raise InvalidValue(f"A dataset's source is an address or a path, not {type(given).__name__}.")
    text = os.fspath(given)
    scheme = urlparse(text).scheme.lower()
    kind = _SCHEMES.get(scheme, "local")
    return Source(kind, {"url" if kind == "http" else "uri": url_without_user(text)})


def file_source(path: Path) -> Source:
    """A file on this machine."""
    return Source("local", {"uri": str(path.absolute())})


def sql_source(query: str, connection: Any) -> Source:
    """A query, and the database if its address is known, without its password."""
    url = connection if isinstance(connection, str) else getattr(connection, "url", None)
    values = {"sql": masked(query)}
    if url is not None:
        values["url"] = url_without_user(str(url))
    return Source("sql", values)


def _program() -> dict[str, str]:
    import sys

    kind = program_tags()["mlflow.source.type"]
    return {"mlflow.source.name": sys.argv[0] if sys.argv else "", "mlflow.source.type": kind}
