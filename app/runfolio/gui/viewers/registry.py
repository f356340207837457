"""Which viewers there are, and which of them show a file. A new viewer is its module, and its entry in `VIEWERS`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from runfolio.core.picture_series import STEP, SUFFIXES, logged_at
from runfolio.gui.viewers.viewer import ViewedFile, Viewer


@dataclass(frozen=True, slots=True)
class ViewerKind:
    """One viewer, and what it is for.

    Attributes:
        title: what the user chooses it by.
        maker: its module in this package and its class, with a colon between; loaded when it is first wanted.
        endings: of the names of its files, with blanks between.
        names: whole names of files, with blanks between.
        media: how the media types of its files begin.
        heads: what its files begin with; a file of this ending that begins otherwise is rather something else.
        fits: what a file must be besides.
        anything: True if it can show any file, when nothing better can.
        needs: a module without which there is no such viewer; empty for none.
        lacking: what to do where that module is missing.
    """

    title: str
    maker: str
    endings: str = ""
    names: str = ""
    media: tuple[str, ...] = ()
    heads: tuple[bytes, ...] = ()
    fits: Callable[[ViewedFile], bool] = lambda _file: True
    anything: bool = False
    needs: str = ""
    lacking: str = ""

    @property
    def there(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or _installed(self.needs)

    def rank(self, file: ViewedFile) -> int:
        """How surely it is for this file; 0 if it is not.

        What has its name from the format comes first. What a file begins with is surer than its ending, but an ending
        tells archives apart that begin alike: most sure is both.
        """
        if not self.fits(file):
            return 0
        named = file.ending in self.endings.split() or (self.media and file.media_type.startswith(self.media))
        begun = file.head.startswith(self.heads) if self.heads else bool(named)
        if file.name in self.names.split():
            return 5
        if named and begun:
            return 4
        return 3 if begun else 2 if named else 1 if self.anything else 0

    def load(self) -> type[Viewer]:
        """The class of the viewer."""
        module, _, name = self.maker.partition(":")
        return cast(type[Viewer], getattr(import_module(f"runfolio.gui.viewers.{module}"), name))


CODE = (
    "txt log md rst tex py pyi r jl sh bat ps1 c h cc cpp rs go java js ts css html xml svg json yaml yml toml ini cfg "
    "ipynb csv tsv"
)


SOUNDS = "wav mp3 ogg oga flac m4a aac opus mp4 m4v webm mkv mov avi"
ADDONS = (
    "install what Qt has for them: pip install 'runfolio[media]'. "
    "Until then, open the file with the system's program (Ctrl+Alt+O)."
)
PICTURES = " ".join(sorted(SUFFIXES))


def _is_logged_picture(file: ViewedFile) -> bool:
    """As `log_image` names what has a key and a step."""
    return STEP.search(file.path) is not None and logged_at(file.path) is not None


def _is_numbered_picture(file: ViewedFile) -> bool:
    return STEP.search(file.path) is None and logged_at(file.path) is not None


def _is_plotly(file: ViewedFile) -> bool:
    return re.match(rb'\s*\{\s*"(data|layout)"\s*:\s*[\[{]', file.head) is not None


def _is_text(file: ViewedFile) -> bool:
    return file.is_text


TABLE_HEADS = (b"PAR1", b"ARROW1")
PICKLES = "pkl pickle joblib pt pth ckpt cloudpickle dill"
PICKLE_HEADS = tuple(bytes((0x80, protocol)) for protocol in range(2, 6))
ARCHIVES = "zip tar tgz tbz2 txz gz bz2 xz npz pt pth ckpt whl jar keras"
ARCHIVE_HEADS = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ")


def _is_logged_table(file: ViewedFile) -> bool:
    return re.match(rb'\s*\{\s*"columns"\s*:\s*\[', file.head) is not None


def _is_list_of_objects(file: ViewedFile) -> bool:
    return re.match(rb"\s*\[\s*\{", file.head) is not None


#: Of those that are for a file equally, the first comes first.
VIEWERS: tuple[ViewerKind, ...] = (
    ViewerKind("Model", "model_page:ModelViewer", names="MLmodel"),
    ViewerKind("Series", "picture_series:SeriesViewer", PICTURES, fits=_is_logged_picture),
    ViewerKind("Picture", "pictures:PictureViewer", PICTURES, media=("image/",)),
    ViewerKind("Series", "picture_series:SeriesViewer", PICTURES, fits=_is_numbered_picture),
    ViewerKind("Page", "markdown:MarkdownViewer", "md markdown", media=("text/markdown",), fits=_is_text),
    ViewerKind("Source", "web_page:WebPageViewer", "html htm xhtml", media=("text/html",), fits=_is_text),
    ViewerKind("Plotly figure", "plotly:PlotlyViewer", "json", fits=_is_plotly),
    ViewerKind(
        "Document",
        "pdf:PdfViewer",
        "pdf",
        media=("application/pdf",),
        heads=(b"%PDF-",),
        needs="PySide6.QtPdf",
        lacking=f"To see PDF files here, {ADDONS}",
    ),
    ViewerKind(
        "Player",
        "media:MediaViewer",
        SOUNDS,
        media=("audio/", "video/"),
        needs="PySide6.QtMultimedia",
        lacking=f"To hear and see recordings here, {ADDONS}",
    ),
    ViewerKind("Notebook", "notebook:NotebookViewer", "ipynb"),
    ViewerKind("Table", "table:TableViewer", "csv tsv tab", media=("text/csv", "text/tab-separated")),
    ViewerKind("Table", "table:TableViewer", "parquet pq arrow feather ipc", heads=TABLE_HEADS),
    ViewerKind("Table", "table:TableViewer", "json", fits=_is_logged_table),
    ViewerKind("Tree", "tree:TreeViewer", "json jsonl ndjson yaml yml geojson"),
    ViewerKind("Table", "table:TableViewer", "json", fits=_is_list_of_objects),
    ViewerKind("Arrays", "arrays:ArrayViewer", "npy", heads=(b"\x93NUMPY",)),
    ViewerKind("Arrays", "arrays:ArrayViewer", "npz safetensors"),
    ViewerKind("Model graph", "onnx_model:OnnxViewer", "onnx"),
    ViewerKind("Pickle", "pickled:PickleViewer", PICKLES, heads=PICKLE_HEADS),
    ViewerKind("Archive", "archive:ArchiveViewer", ARCHIVES, heads=ARCHIVE_HEADS),
    ViewerKind("Text", "text:TextViewer", CODE, media=("text/",), fits=_is_text, anything=True),
    ViewerKind("Bytes", "hexed:HexViewer", anything=True),
)


def kinds_of(file: ViewedFile, viewers: Iterable[ViewerKind] = VIEWERS) -> list[ViewerKind]:
    """The viewers that are for a file and can be had here, the best one first."""
    ranked = [(kind.rank(file), kind) for kind in viewers if kind.there]
    return [kind for rank, kind in sorted(ranked, key=lambda one: -one[0]) if rank]


def missing_for(file: ViewedFile, viewers: Iterable[ViewerKind] = VIEWERS) -> ViewerKind | None:
    """The viewer that would be for a file if what it needs were installed."""
    return next((kind for kind in viewers if not kind.there and kind.rank(file) > 1), None)


@cache
def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False
