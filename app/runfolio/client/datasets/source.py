"""Where data came from, by MLflow's kinds of sources. No credentials are kept."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runfolio.client.capture.program import program_tags
from runfolio.core.errors import InvalidValue
from runfolio.core.secrets import masked, url_without_user

# Before the '@' of these stands a container, not a user.
_WITH_CONTAINER = ("wasb", "wasbs", "abfs", "abfss")


@dataclass(frozen=True)
class Source:
    """A kind of source and what identifies one of it."""

    kind: str
    values: Mapping[str, Any]

    @property
    def uri(self) -> str | None:
        """The address, if it has one."""
        return self.values.get("uri") or self.values.get("url")

    def load(self, dst_path: str | os.PathLike[str] | None = None) -> str:
        """The path of a copy of the data below `dst_path`, or in a new folder; of a local file without it, the file's.

        Raises:
            NotFound: there is no such file.
            InvalidValue: the kind is none that can be fetched from here.
            EnvironmentProblem: the server does not give it.
        """
        from runfolio.client.datasets.loading import load

        return load(self, dst_path)

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
    kind = _kind(text)
    container, at, rest = text.partition("@")
    if kind in _WITH_CONTAINER and at and container.count(":") == 1:
        return Source(kind, {"uri": f"{container}@{masked(rest)}"})
    return Source(kind, {"url" if kind == "http" else "uri": url_without_user(text)})


def get_source(dataset: Any) -> Source:
    """The source of a dataset: of one made here, or of one as a run has it among its inputs.

    Raises:
        InvalidValue: it is no dataset.
    """
    found = getattr(getattr(dataset, "dataset", dataset), "source", None)
    if isinstance(found, Source):
        return found
    try:
        values = json.loads(found or "")
        kind = str(getattr(dataset, "dataset", dataset).source_type)
    except (TypeError, ValueError, AttributeError) as error:
        raise InvalidValue(f"This is no dataset with a source: {dataset!r:.60}.") from error
    return Source(kind, values if isinstance(values, dict) else {})


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


def _kind(address: str) -> str:
    """MLflow's kind of a source: the scheme of its address. A letter and a colon are a drive."""
    scheme, colon, rest = address.partition(":")
    scheme = scheme.lower()
    if not colon or len(scheme) == 1 or scheme == "file" or not rest.startswith("/"):
        return "local"
    return "http" if scheme == "https" else scheme


def _program() -> dict[str, str]:
    import sys

    kind = program_tags()["mlflow.source.type"]
    return {"mlflow.source.name": sys.argv[0] if sys.argv else "", "mlflow.source.type": kind}
