"""Figures of Plotly as JSON: their text, and on request the figure in the browser, for only that can draw it."""

from __future__ import annotations

import json
from functools import partial
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QTemporaryDir, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from runfolio.core.errors import CannotShow, EnvironmentProblem
from runfolio.gui.viewers.web_page import WebPageViewer
from runfolio.previews.files import read_whole

#: The script that draws, of the version that is loaded where the library is not installed; and of a figure, in bytes.
VERSION, MOST_BYTES = "3.1.0", 64 << 20
FAR = f"https://cdn.plot.ly/plotly-{VERSION}.min.js"
PAGE = """<!doctype html>
<meta charset="utf-8"><title>{title}</title>
<script src="{script}"></script>
<div id="figure" style="height: 95vh"></div>
<script>const figure = {figure};
Plotly.newPlot("figure", figure.data, figure.layout || {{}}, {{responsive: true}});</script>
"""


class PlotlyViewer(WebPageViewer):
    """The text of a figure."""

    @Slot()
    def open_in_browser(self) -> None:
        """Write a page that draws it, and have the browser show that."""
        if self.file is not None:
            folder = QTemporaryDir()
            self._folders = [*getattr(self, "_folders", []), folder]  # they are removed with the viewer
            work = partial(write_page, self.file.file, Path(folder.path()) / "figure.html")
            self.session.jobs.read(work, _open, title="Making the page")


def _open(page: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


def write_page(figure: Path, page: Path) -> Path:
    """Write a page that draws a figure; for workers. Raises CannotShow for what is no figure, EnvironmentProblem."""
    data = read_whole(str(figure), MOST_BYTES, "A figure")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise CannotShow(f"This is no JSON: {error}.") from error
    if not isinstance(found, dict) or not isinstance(found.get("data"), list):
        raise CannotShow("This is no figure of Plotly: it has no list of data.")
    # What stands in a script must not end it.
    text = json.dumps({key: found.get(key) for key in ("data", "layout")}).replace("<", "\\u003c")
    try:
        page.write_text(PAGE.format(title="Figure", script=script(), figure=text), encoding="utf-8")
    except OSError as error:
        raise EnvironmentProblem(f"The page cannot be written: {error.strerror}.") from error
    return page


def script() -> str:
    """Where the browser finds what draws: in the library if that is installed, else in the net."""
    found = find_spec("plotly")
    for folder in found.submodule_search_locations or () if found is not None else ():
        file = Path(folder) / "package_data" / "plotly.min.js"
        if file.is_file():
            return file.as_uri()
    return FAR
