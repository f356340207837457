"""Lines of requirements files, with the files that they name read in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from runfolio.core.errors import InvalidValue, NotFound

#: Of a file that is read; bytes.
MAX_BYTES = 4 << 20
_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")
_COMMENT = re.compile(r"(^|\s+)#.*$")
_READS = ("-r", "--requirement")
_CONSTRAINS = ("-c", "--constraint")


@dataclass(slots=True)
class Requirements:
    """Lines of a requirements file, and those of the constraints it names."""

    lines: list[str] = field(default_factory=list)
    constraints: list[str] = field(default_factory=list)


def read_lines(lines: Iterable[str], folder: Path) -> Requirements:
    """Lines without comments, whole, and with the lines of the files that `-r` and `-c` name in their place.

    A file that is named twice is read once.

    Args:
        folder: what names of files are relative to.

    Raises:
        InvalidValue: a file names itself, is too large or no text.
        NotFound: a file is missing.
    """
    return _read(lines, folder, (), set())


def _read(lines: Iterable[str], folder: Path, within: tuple[Path, ...], done: set[tuple[bool, Path]]) -> Requirements:
    found = Requirements()
    for line in _joined(lines):
        option, value = _option(line)
        if option not in _READS + _CONSTRAINS or "://" in value:
            found.lines.append(line)
            continue
        file = (folder / value).resolve()
        if file in within:
            raise InvalidValue(f"{file} names itself.")
        mark = (option in _READS, file)
        if mark not in done:
            done.add(mark)
            inner = _read(read_text(file).splitlines(), file.parent, (*within, file), done)
            found.constraints += inner.constraints + (inner.lines if option in _CONSTRAINS else [])
            found.lines += inner.lines if option in _READS else []
    return found


def _option(line: str) -> tuple[str, str]:
    """The option that a line begins with, and its value."""
    if line.startswith("--"):
        option, _, value = line.replace("=", " ", 1).partition(" ")
    else:
        option, value = line[:2], line[2:]
    return option, value.strip().strip("\"'")


def read_text(file: Path) -> str:
    """A text file that is not too large. Raises NotFound, InvalidValue."""
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise InvalidValue(f"{file} is larger than {MAX_BYTES >> 20} MB, which no such file is.")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise NotFound(f"{file} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError:
        raise InvalidValue(f"{file} is not text in UTF-8.") from None


def name_of(requirement: str) -> str:
    """The name of a required package as indexes compare it; "" of an option, a path or an address."""
    found = _NAME.match(requirement)
    if found is None or "://" in requirement.partition("@")[0] or "/" in requirement.partition("@")[0]:
        return ""
    return re.sub(r"[-_.]+", "-", found[1]).lower()


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Lines without comments and with those that end in a backslash put together."""
    whole = ""
    for line in lines:
        whole += _COMMENT.sub("", line)
        if whole.endswith("\\"):
            whole = whole[:-1]
            continue
        if whole.strip():
            yield whole.strip()
        whole = ""
    if whole.strip():
        yield whole.strip()
