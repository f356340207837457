"""Notebooks: cells and what they have put out, as they were saved. Nothing of it is run, and HTML stays source."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any, Literal

from runfolio.core.errors import CannotShow
from runfolio.previews.inner_pictures import InnerPicture, decoded
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from runfolio.previews.tree.json_file import read_json

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp")
#: Letters of one text, and outputs of one cell that are shown; and how many pixels a picture has on a side.
MOST_LETTERS, MOST_OUTPUTS, MOST_SIDE = 20_000, 30, 1024
#: An answer has no more cells, and ends with the one that has it weigh more: a letter, or sixteen pixels.
MOST_CELLS, MOST_WEIGHT = 200, 1_000_000
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Output:
    """What a cell has put out: text, an error's text, or a picture.

    Attributes:
        kind: what it is.
        text: it; of a picture that cannot be shown, why.
        picture: its pixels.
    """

    kind: Literal["text", "html", "error", "picture"]
    text: str
    picture: InnerPicture | None = None


@dataclass(frozen=True, slots=True)
class NotebookCell:
    """A cell.

    Attributes:
        kind: what its source is.
        source: it.
        count: the number of its last execution; 0 if there is none.
        outputs: what that has put out.
    """

    kind: Literal["code", "markdown", "raw"]
    source: str
    count: int
    outputs: tuple[Output, ...]

    @property
    def weight(self) -> int:
        """How much there is to be shown."""
        pictures = sum(one.picture.width * one.picture.height for one in self.outputs if one.picture is not None)
        return len(self.source) + sum(len(one.text) for one in self.outputs) + pictures // 16


@dataclass(frozen=True, slots=True)
class NotebookFacts:
    """How many cells a notebook has, and the language and kernel that it was written for."""

    cells: int
    language: str
    kernel: str


@dataclass(frozen=True, slots=True)
class AskNotebook(Question[NotebookFacts]):
    """What is a notebook?"""

    path: str

    def answer(self, kept: Kept) -> NotebookFacts:
        """It."""
        notebook = kept.get(Notebook, self.path)
        return NotebookFacts(len(notebook.cells), notebook.language, notebook.kernel)


@dataclass(frozen=True, slots=True)
class AskNotebookCells(Question[tuple[NotebookCell, ...]]):
    """Some cells of a notebook."""

    path: str
    first: int
    count: int

    def answer(self, kept: Kept) -> tuple[NotebookCell, ...]:
        """Them."""
        cells = kept.get(Notebook, self.path).cells
        found: list[NotebookCell] = []
        weight = 0
        for one in cells[self.first : self.first + min(self.count, MOST_CELLS)]:
            found.append(_cell(one))
            weight += found[-1].weight
            if weight > MOST_WEIGHT:
                break
        return tuple(found)


class Notebook:
    """A notebook that has been read.

    Attributes:
        cells: its cells as they were saved.
        language, kernel: as it names them.
    """

    def __init__(self, path: str) -> None:
        content = read_json(path)
        cells = content.get("cells") if isinstance(content, dict) else None
        if cells is None and isinstance(content, dict):  # format 3 had worksheets
            sheets = content.get("worksheets")
            cells = (
                sheets[0].get("cells") if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else None
            )
        if not isinstance(cells, list):
            raise CannotShow("This is no notebook: it has no cells.", "It can be looked at as a tree.")
        self.cells = [cell for cell in cells if isinstance(cell, dict)]
        metadata = _dict(content.get("metadata"))
        kernel = _dict(metadata.get("kernelspec"))
        self.language = str(_dict(metadata.get("language_info")).get("name") or kernel.get("language") or "python")[:50]
        self.kernel = str(kernel.get("display_name") or "")[:100]


def _cell(given: dict[str, Any]) -> NotebookCell:
    kind = given.get("cell_type")
    source = _text(given.get("source", given.get("input")))
    count = given.get("execution_count", given.get("prompt_number"))
    outputs = _list(given.get("outputs"))
    shown: list[Output] = []
    letters = 0
    for one in outputs[:MOST_OUTPUTS]:
        if letters < 2 * MOST_LETTERS and isinstance(one, dict):
            shown.append(_output(one))
            letters += len(shown[-1].text)
    if len(outputs) > len(shown):
        shown.append(Output("text", f"… {len(outputs) - len(shown):,} more"))
    return NotebookCell(
        "code" if kind == "code" else "markdown" if kind in ("markdown", "heading") else "raw",
        source,
        count if type(count) is int else 0,
        tuple(shown),
    )


def _output(given: dict[str, Any]) -> Output:
    kind = given.get("output_type")
    if kind in ("error", "pyerr"):
        lines = [str(line) for line in _list(given.get("traceback"))]
        return Output("error", _plain("\n".join(lines) or f"{given.get('ename')}: {given.get('evalue')}"))
    if kind == "stream":
        return Output("error" if given.get("name") == "stderr" else "text", _plain(_text(given.get("text"))))
    data = _dict(given.get("data")) or {_MEDIA.get(key, key): value for key, value in given.items()}
    for media in PICTURES:
        if media in data:
            return _picture(_text(data[media]))
    if "text/plain" in data:
        return Output("text", _plain(_text(data["text/plain"])))
    if "text/html" in data:
        return Output("html", _text(data["text/html"]))
    return Output("text", f"An output of type {', '.join(map(str, list(data)[:3])) or 'unknown'}.")


# As format 3 named what was put out.
_MEDIA = {"png": "image/png", "jpeg": "image/jpeg", "text": "text/plain", "html": "text/html"}


def _picture(text: str) -> Output:
    try:
        return Output("picture", "", decoded(base64.b64decode("".join(text.split()), validate=True), MOST_SIDE))
    except binascii.Error:
        return Output("text", "A picture that is damaged.")
    except CannotShow as error:
        return Output("text", f"A picture: {error.message}")


def _text(given: Any) -> str:
    """Texts are lists of lines, or one."""
    joined = "".join(map(str, given)) if isinstance(given, list) else given if isinstance(given, str) else ""
    return joined if len(joined) <= MOST_LETTERS or joined[:4] in ("iVBO", "/9j/") else f"{joined[:MOST_LETTERS]}…"


def _plain(text: str) -> str:
    """Without the escapes that colour a terminal."""
    return ESCAPES.sub("", text)


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []


def _dict(given: Any) -> dict[str, Any]:
    return given if isinstance(given, dict) else {}
