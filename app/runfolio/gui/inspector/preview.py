"""What can be shown of a file: a picture, the beginning of a text, or why there is nothing. For worker threads."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from runfolio.core import numbers
from runfolio.core.errors import CannotShow
from runfolio.core.picture_series import is_picture
from runfolio.gui.inspector.highlight_questions import colored
from runfolio.gui.viewers.picture_questions import AskPicture
from runfolio.previews.files import open_plain
from runfolio.previews.records import Ask
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file

#: So many bytes of a text are shown; what is drawn from lines has so many pixels on its longer side.
MOST_TEXT = 64 * 1024
DRAWN_SIDE = 2048


@dataclass(frozen=True, slots=True)
class Preview:
    """One of image, html and note; `note` may also stand below the others, such as what was left out.

    `full_size` is the picture's own size in pixels, for a large one is read smaller.
    """

    path: str
    image: QImage | None = None
    full_size: QSize | None = None
    html: str = ""
    note: str = ""


def read_preview(store: Store, run: int, path: str, colors: Mapping[str, str], ask: Ask) -> Preview:
    """Read as much of a file as is shown; a picture, and the colours of a text, are asked for where files are read.

    Raises:
        NotFound: it is not there.
    """
    file = artifact_file(store, run, path)
    if not is_picture(path):
        return _text(file, path, colors, ask)
    try:
        found = ask(AskPicture(str(file), DRAWN_SIDE))
    except CannotShow as error:
        return Preview(path, note=str(error))
    return Preview(path, image=found.image(), full_size=QSize(found.width, found.height))


def _text(file: Path, path: str, colors: Mapping[str, str], ask: Ask) -> Preview:
    try:
        with open_plain(str(file)) as stream:
            size, data = os.fstat(stream.fileno()).st_size, stream.read(MOST_TEXT)
    except CannotShow as error:
        return Preview(path, note=str(error))
    if not data:
        return Preview(path, note="This file is empty.")
    if b"\0" in data[:8192]:
        return Preview(path, note=f"No preview: a binary file of {numbers.size(size)}.")
    text = data.decode("utf-8", "replace")
    note = f"The first {numbers.size(len(data))} of {numbers.size(size)}." if size > len(data) else ""
    return Preview(path, html=colored(path, text, colors, ask), note=note)
