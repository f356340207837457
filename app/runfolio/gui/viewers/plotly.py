"""Figures of Plotly as JSON: their text, and on request the figure in the browser, for only that can draw it."""

from __future__ import annotations

from functools import partial
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QTemporaryDir, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from runfolio.core.errors import EnvironmentProblem
from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.gui.viewers.plotly_questions import AskFigure
from runfolio.gui.viewers.web_page import WebPageViewer

#: The script that draws, of the version that is loaded where the library is not installed.
VERSION, HOST = "3.1.0", "cdn.plot.ly"
FAR = f"https://{HOST}/plotly-{VERSION}.min.js"
NEAR_TIP = "The browser draws it with the script of the library that is installed here"
FAR_TITLE = f"Draw With a Script From {HOST}"
FAR_TIP = (
    f"The script that draws is not installed here: the browser would load it from {HOST}. "
    "With the library (pip install plotly), nothing is loaded from the net."
)
PAGE = """<!doctype html>
<meta charset="utf-8"><title>{title}</title>
<script src="{script}"></script>
<div id="figure" style="height: 95vh"></div>
<script>const figure = {figure};
Plotly.newPlot("figure", figure.data, figure.layout || {{}}, {{responsive: true}});</script>
"""


class PlotlyViewer(WebPageViewer):
    """The text of a figure. The button says it if the browser would load something from the net."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self._script = near_script()
        self._folders: list[QTemporaryDir] = []  # they are removed with the viewer
        self.browse.setToolTip(NEAR_TIP if self._script else FAR_TIP)
        if not self._script:
            self.browse.setText(FAR_TITLE)

    @Slot()
    def open_in_browser(self) -> None:
        """Have a page written that draws it, and the browser show that."""
        if self.file is not None:
            folder = QTemporaryDir()
            self._folders.append(folder)
            work = partial(self._write, str(self.file.file), Path(folder.path()) / "figure.html")
            self.session.jobs.read_long(work, _open, title="Making the page")

    def _write(self, figure: str, page: Path, job: Job) -> Path:
        """On a worker."""
        text = self.session.previews.ask(AskFigure(figure), lambda: job.cancelled)
        return write_page(text, page, self._script or FAR)


def _open(page: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


def write_page(figure: str, page: Path, script: str) -> Path:
    """Write a page that draws a figure, given as JSON that may stand in a script. Raises EnvironmentProblem."""
    try:
        page.write_text(PAGE.format(title="Figure", script=script, figure=figure), encoding="utf-8")
    except OSError as error:
        raise EnvironmentProblem(f"The page cannot be written: {error.strerror}.") from error
    return page


def near_script() -> str:
    """Where the browser finds the installed library's script; empty where it is not installed."""
    found = find_spec("plotly")
    for folder in found.submodule_search_locations or () if found is not None else ():
        file = Path(folder) / "package_data" / "plotly.min.js"
        if file.is_file():
            return file.as_uri()
    return ""
