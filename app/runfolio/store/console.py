"""What a run prints, followed while it prints: each reading takes what is new since the one before.

The client writes whole lines and, behind them, the line as far as it goes, which it takes back to write it anew
(`client/capture/console.py`). Of long output it keeps the end in files of their own, which become one with the first
when the run ends. So a place in it is a file and how far its whole lines were read.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.captured import console_pieces, is_console
from runfolio.core.entities import Artifact
from runfolio.core.errors import NotFound
from runfolio.store.artifacts import artifact_file
from runfolio.store.connection import Store

#: Of more than this the end is read, in bytes: as much as anybody scrolls through, and as much as can be shown at once.
MOST = 512 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """How far the output was read: the whole lines of a file up to `offset`; a file is known by device and number."""

    file: tuple[int, int]
    offset: int


@dataclass(frozen=True, slots=True)
class Output:
    """What one reading found.

    Attributes:
        lines: whole lines, each with its end.
        rest: the line that is not whole yet; the next reading has it again, as it is then.
        place: where the next reading begins; None where there is no output.
        fresh: True when this is not the continuation of what was read before, but all anew.
        skipped: how many bytes before it were left out; only told with `fresh`.
    """

    lines: str = ""
    rest: str = ""
    place: Place | None = None
    fresh: bool = True
    skipped: int = 0


def console_files(files: Sequence[Artifact]) -> list[str]:
    """The outputs among a run's files, the latest last."""
    return sorted((file.path for file in files if is_console(file.path)), key=lambda path: (len(path), path))


def read_console(store: Store, run: int, path: str, place: Place | None = None, most: int = MOST) -> Output:
    """The end of an output, or what came behind `place`; nothing where there is no such file."""
    try:
        first = artifact_file(store, run, path)
    except NotFound:
        return Output()
    with suppress(FileNotFoundError):  # the pieces become one just now: the next reading finds them
        return read_output(first, place, most)
    return Output(place=place, fresh=False)


def read_output(first: Path, place: Place | None, most: int = MOST) -> Output:
    """As `read_console`, of a file and the pieces beside it."""
    parts = _parts(first)
    known = next((at for at, (_, number, _) in enumerate(parts) if place is not None and number == place.file), None)
    if place is not None and known is not None and place.offset <= parts[known][2]:
        new = sum(size for _, _, size in parts[known:]) - place.offset
        if new <= most:
            return _read(parts[known:], place.offset, fresh=False)
    total = sum(size for _, _, size in parts)
    skipped = max(total - most, 0)
    left = skipped
    while parts and left > parts[0][2]:
        left -= parts.pop(0)[2]
    return _read(parts, left, fresh=True, skipped=skipped)


def _parts(first: Path) -> list[tuple[Path, tuple[int, int], int]]:
    """The pieces in order, with their identity and size."""
    found = []
    for path in console_pieces(first):
        if path == first or path.exists():
            known = path.stat()
            found.append((path, (known.st_dev, known.st_ino), known.st_size))
    return found


def _read(parts: list[tuple[Path, tuple[int, int], int]], offset: int, *, fresh: bool, skipped: int = 0) -> Output:
    data, place = b"", Place((0, 0), 0)
    for path, number, _ in parts:
        with path.open("rb") as stream:
            if _identity(stream.fileno()) != number:
                raise FileNotFoundError(path)
            stream.seek(offset)
            piece = stream.read()
        # Only in the last piece is there a line that is not whole.
        end = piece.rfind(b"\n") + 1
        place = Place(number, offset + end)
        data, offset = data + piece, 0
    cut = data.rfind(b"\n") + 1
    lines, rest = data[:cut], data[cut:]
    if skipped:  # not from the middle of a line
        begin = lines.find(b"\n") + 1
        lines, skipped = lines[begin:], skipped + begin
    return Output(lines.decode("utf-8", "replace"), rest.decode("utf-8", "replace"), place, fresh, skipped)


def _identity(descriptor: int) -> tuple[int, int]:
    known = os.fstat(descriptor)
    return known.st_dev, known.st_ino
