"""The files that are captured with runs, as texts: no more of them than can be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from runfolio.core.entities import Run
from runfolio.core.errors import NotFound
from runfolio.store.artifacts import artifact_file
from runfolio.store.connection import Store

#: A captured patch has at most so many bytes, and a line more.
MOST = (4 << 20) + 4096


@dataclass(frozen=True, slots=True)
class CapturedText:
    """The beginning of a file: `size` bytes are the whole of it, `whole` says that the text is."""

    file: Path
    text: str
    size: int
    whole: bool


def captured_text(store: Store, run: Run, path: str, most: int = MOST) -> CapturedText | None:
    """A file of a run as text, up to so many bytes; None where the run has no such file."""
    try:
        file = artifact_file(store, run.id, path)
        with file.open("rb") as stream:
            data = stream.read(most)
            size = stream.seek(0, 2)
    except (NotFound, OSError):  # it was never captured, or was deleted outside Runfolio
        return None
    return CapturedText(file, data.decode("utf-8", "replace"), size, size <= len(data))
