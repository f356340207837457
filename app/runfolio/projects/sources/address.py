"""Reads where a project is from what was given: a path, a zip file or a git address, and a folder in it after a `#`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import unquote, urlsplit

from runfolio.core.errors import InvalidValue
from runfolio.core.paths import stored_path
from runfolio.core.printable import printable
from runfolio.core.secrets import url_without_user

#: How git may reach another machine. `ext::` and others of its helpers start programs.
REMOTE = ("https", "http", "ssh", "git")
MOST_CHARACTERS = 4096
_SCHEME = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_HELPER = re.compile(r"[A-Za-z0-9+.-]+::")
# `host:path` and `user@host:path`, as scp has them; one letter before the colon is a drive.
_LIKE_SCP = re.compile(r"(?:(?P<user>[^@/:\s]+)@)?(?P<host>\[[^\]/]+\]|[^/:@\s]{2,}):(?P<path>.+)")
# What other things of MLflow's are named by; no server has such a name.
_OTHER = ("runs", "models", "dbfs", "databricks", "mlflow-artifacts")
_HOST = re.compile(r"[A-Za-z0-9.-]+\.[A-Za-z]{2,}/.+/.+")


class Place(StrEnum):
    """What an address leads to."""

    PATH = "path"
    ZIP = "zip of a web server"
    GIT = "git"


@dataclass(frozen=True, slots=True)
class Address:
    """Where something is.

    Attributes:
        location: a whole path, or an address as it was given.
        subfolder: of it, with `/`; "" for the whole.
    """

    place: Place
    location: str
    subfolder: str = ""

    @property
    def shown(self) -> str:
        """The location as it may be printed and kept: without a password."""
        return self.location if self.place == Place.PATH else url_without_user(self.location)


def read_address(uri: str) -> Address:
    """What is meant by an address.

    Raises:
        InvalidValue: it is none, or git would start another program for it, or its subfolder leaves it.
    """
    if not uri.strip():
        raise InvalidValue("No project was named.", "Give a folder, a zip file or a git address.")
    if len(uri) > MOST_CHARACTERS or printable(uri) != uri or "\n" in uri or "\t" in uri:
        raise InvalidValue(
            f"{printable(uri)[:80]!r} is no address of a project: it is too long, or has odd characters."
        )
    if uri.startswith("-"):
        raise InvalidValue(f"{uri!r} is an option, not a project.", f"A folder of that name is ./{uri}")
    if "://" not in uri and _exists(uri):
        return Address(Place.PATH, _whole(uri))
    location, _, subfolder = uri.partition("#")
    place, found = _placed(location)
    return Address(place, found, _subfolder(subfolder, uri))


def _placed(location: str) -> tuple[Place, str]:
    if _HELPER.match(location):
        raise InvalidValue(f"{location!r} would have git start a program of its choice.", _allowed())
    if location.lower().startswith("file:"):
        return Place.PATH, _whole(_path_of_uri(location))
    if with_scheme := _SCHEME.fullmatch(location):
        return _reached(location, with_scheme["scheme"].lower()), location
    if not _exists(location) and (like_scp := _LIKE_SCP.fullmatch(location)):
        if like_scp["host"].lower() in _OTHER:
            raise InvalidValue(f"{location!r} is no project.", _allowed())
        for part in ("user", "host", "path"):
            _no_option(like_scp[part] or "", location)
        return Place.GIT, location
    if not _exists(location) and _HOST.fullmatch(location):
        raise InvalidValue(f"There is no folder {location!r}.", f"If a server is meant: https://{location}")
    return Place.PATH, _whole(location)


def _reached(location: str, scheme: str) -> Place:
    if scheme not in REMOTE:
        without = location.removeprefix("git+")
        hint = f"Leave out `git+`: {without}" if without != location else _allowed()
        raise InvalidValue(f"Projects cannot be had by {scheme}://, as in {url_without_user(location)!r}.", hint)
    try:
        host, path = urlsplit(location).hostname or "", urlsplit(location).path
    except ValueError as error:
        raise InvalidValue(f"{url_without_user(location)!r} is no address: {error}.") from error
    if not host:
        raise InvalidValue(f"{url_without_user(location)!r} names no server.", _allowed())
    for part in (host, urlsplit(location).username or "", path.lstrip("/")):
        _no_option(part, location)
    return Place.ZIP if scheme in ("http", "https") and path.lower().endswith(".zip") else Place.GIT


def _no_option(part: str, location: str) -> None:
    if part.startswith("-"):
        raise InvalidValue(f"In {location!r}, {part!r} would be an option of another program.")


def _path_of_uri(uri: str) -> str:
    try:
        parts = urlsplit(uri.partition("#")[0])
    except ValueError as error:
        raise InvalidValue(f"{uri!r} is no address: {error}.") from error
    if parts.netloc not in ("", "localhost"):
        raise InvalidValue(f"{uri!r} is on another machine.", "A file: address has three slashes: file:///home/…")
    return unquote(parts.path)


def _exists(path: str) -> bool:
    try:
        return Path(path).expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # too long a name, nobody of that name, a NUL
        return False


def _whole(path: str) -> str:
    try:
        return str(Path(path).expanduser().absolute())
    except (OSError, RuntimeError) as error:
        raise InvalidValue(f"{path!r} cannot be found: {error}.") from error


def _subfolder(given: str, uri: str) -> str:
    """A folder below the root, checked as names in runs are; `.` and a slash at the end mean nothing."""
    parts = [part for part in given.rstrip("/").split("/") if part != "."]
    inside = "/".join(parts)
    if not inside:
        return ""
    try:
        stored_path(inside)
    except InvalidValue as error:
        hint = "After the # stands a folder in it, such as #examples/first."
        raise InvalidValue(
            f"{given!r} in {url_without_user(uri)!r} is no folder inside of the project.", hint
        ) from error
    return inside


def _allowed() -> str:
    ways = ", ".join(f"{scheme}://" for scheme in REMOTE)
    return f"Give a folder, a zip file, {ways} or user@host:path."
