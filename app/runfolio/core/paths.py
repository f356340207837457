"""Where things are: the store, our own resources, and the rule that keeps artifact names inside their folder."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import TypeAlias
from urllib.parse import unquote, urlparse

from runfolio.core.environment import value_of
from runfolio.core.errors import InvalidValue, NotFound

# What MLflow calls the address of a server or a database, of which there is none here.
SERVERS = ("http", "https", "databricks", "databricks-uc", "sqlite", "postgresql", "mysql", "mssql")
ON_WINDOWS = os.name == "nt"
FORBIDDEN = '<>:"|?*'
# A path with the store's own folder before it stays below what systems can open.
MAX_PATH_BYTES = 1024
RESERVED = frozenset(
    "con prn aux nul conin$ conout$".split() + [f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"]
)
# What is wrong with a part of a name, in words; "" if nothing is.
Rule: TypeAlias = Callable[[str], str]


def store_path(given: str | os.PathLike[str] | None = None) -> Path:
    """The folder of the store: the argument (a path or `file:` URI), else `RUNFOLIO_STORE`, else a per-user default.

    Where `RUNFOLIO_STORE` is not set, `MLFLOW_TRACKING_URI` is taken if it names a folder.

    Raises:
        InvalidValue: the URI has a scheme that is not a folder's.
    """
    text = _text(given) if given else value_of("STORE")
    if not text or (not given and not is_folder_uri(text)):
        from platformdirs import user_data_path

        return user_data_path("runfolio", appauthor=False) / "store"
    try:
        return Path(_from_uri(text)).expanduser().absolute()
    except FileNotFoundError as error:
        raise InvalidValue(f"{text!r} is inside of the working folder, which is gone.", "Give a whole path.") from error


def is_folder_uri(uri: str | os.PathLike[str]) -> bool:
    """Whether this is not the address of a server or database, as MLflow knows them."""
    scheme, colon, _ = _text(uri).partition(":")
    return not colon or scheme.partition("+")[0].lower() not in SERVERS


def _text(uri: str | os.PathLike[str]) -> str:
    if not isinstance(uri, (str, os.PathLike)):
        raise InvalidValue(f"A store is given by its folder's path, not by {type(uri).__name__}.")
    return os.fspath(uri)


def _from_uri(text: str) -> str:
    if text.startswith("file:"):
        return unquote(urlparse(text).path)
    if "://" in text:
        raise InvalidValue(f"{text!r} is not a folder.", "A store is a folder: give its path or a file: URI.")
    return text


def resource(*parts: str) -> Path:
    """A file we ship, such as `resource("icons", "run.svg")`: in the package, the checkout or a frozen bundle.

    Raises:
        NotFound: the installation lacks it.
    """
    package = Path(__file__).parents[1]
    frozen = Path(getattr(sys, "_MEIPASS", package))
    roots = [package / f"_{parts[0]}", package.parents[1] / parts[0], frozen / parts[0]]
    for root in roots:
        candidate = root.joinpath(*parts[1:])
        if candidate.exists():
            return candidate
    raise NotFound(f"The file {'/'.join(parts)} is missing from this installation.", "Install Runfolio again.")


def artifact_path(name: str | os.PathLike[str]) -> str:
    """Check the name of a new artifact, a relative path with `/`, and return it in Unicode's composed form.

    Some systems take letters with accents apart, so one file may come by two names; the composed one is kept. Names
    that Windows cannot hold at all are refused everywhere, so that a run can be taken along to any system; of those
    with one of its forbidden characters only there, for `epoch=1-val:0.3.ckpt` is common elsewhere.

    Raises:
        InvalidValue: it would leave the run's folder, or some system cannot hold such a file.
    """
    return _checked(name, (_broken_rule_of_part, _broken_rule_elsewhere, _broken_rule_here))


def stored_path(name: str | os.PathLike[str]) -> str:
    """Check the name of an artifact that is to be read, as `artifact_path` does.

    What older versions have stored under a name that would be refused now, and this system can hold, can be read.

    Raises:
        InvalidValue: it would leave the run's folder, or this system cannot hold such a file.
    """
    return _checked(name, (_broken_rule_of_part, _broken_rule_elsewhere, _broken_rule_here)[: 3 if ON_WINDOWS else 1])


def same_name(part: str) -> str:
    """What two names have in common that some systems take for one: they differ in case, or in the form of letters."""
    if part.isascii():
        return part.lower()
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", part).casefold())


def _checked(name: str | os.PathLike[str], rules: Iterable[Rule]) -> str:
    given = name.as_posix() if isinstance(name, PurePath) else name
    if not isinstance(given, str):
        raise InvalidValue(f"The name of an artifact must be a string, not {type(name).__name__}.")
    composed = unicodedata.normalize("NFC", given)
    rule = _broken_rule(composed, rules)
    if rule:
        raise InvalidValue(f"The artifact name {given[:300]!r} is not allowed: {rule}.")
    return composed


def _broken_rule(name: str, rules: Iterable[Rule]) -> str:
    if not name or name.startswith("/") or "\\" in name:
        return "it must be a relative path with forward slashes"
    if name[1:2] == ":" and name[0].isascii() and name[0].isalpha():
        return "it begins with the letter of a drive"
    if any("\ud800" <= c <= "\udfff" for c in name):
        return "UTF-8 cannot hold it"
    if len(name.encode()) > MAX_PATH_BYTES:
        return f"it is longer than {MAX_PATH_BYTES:,} bytes"
    return next((broken for part in name.split("/") for rule in rules if (broken := rule(part))), "")


def _broken_rule_of_part(part: str) -> str:
    if part in ("", ".", ".."):
        return "no part of it may be empty, '.' or '..'"
    if any(ord(c) < 32 or c == "\x7f" for c in part):
        return "it has control characters"
    if len(part.encode()) > 255:
        return "no part of it may be longer than 255 bytes"
    return ""


def _broken_rule_elsewhere(part: str) -> str:
    """What Windows has no file for: it opens another one, or a device."""
    if part[-1] in ". ":
        return "no part of it may end in a dot or a space, which Windows leaves out"
    if part.split(".")[0].rstrip().lower() in RESERVED:
        return f"{part!r} is a reserved name on Windows"
    return ""


def _broken_rule_here(part: str) -> str:
    if ON_WINDOWS and any(c in FORBIDDEN for c in part):
        return f"Windows has no file with any of {FORBIDDEN} in its name"
    return ""
