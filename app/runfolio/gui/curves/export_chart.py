"""Taking a chart out of the window: into a file, or to the clipboard. Drawn and written by jobs."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QStringListModel
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from runfolio.core.numbers import counted
from runfolio.core.printable import Progress
from runfolio.gui.curves.figure import Figure, FigureStyle, read_style
from runfolio.gui.curves.figure_csv import write_drawn, write_points
from runfolio.gui.curves.figure_files import DRAWN, Kind, columns_for, picture
from runfolio.gui.curves.figure_reading import ChartNow, read_figure
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.preferences import Preferences
from runfolio.gui.session import Session
from runfolio.gui.views.files import file_name, may_write
from runfolio.store import Store
from runfolio.store.files import write_whole

KEPT = "chart_export"
SVG = "image/svg+xml"
KINDS: Mapping[str, Kind] = {
    "PNG (*.png)": Kind.PNG,
    "SVG (*.svg)": Kind.SVG,
    "PDF (*.pdf)": Kind.PDF,
    "CSV of every logged point in view (*.csv)": Kind.CSV,
    "CSV of the lines as drawn (*.csv)": Kind.CSV,
}
AS_DRAWN = "CSV of the lines as drawn (*.csv)"


class NotWanted(Exception):
    """The user has cancelled; nobody is told."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is to be taken out, and how it is drawn; the titles of the axes are what they are by themselves if None."""

    chart: ChartNow
    style: FigureStyle
    titles: tuple[str, str] | None = None

    def read(self, store: Store, pixels: int) -> Figure:
        """On a worker. Raises InvalidValue."""
        return read_figure(store, self.chart, pixels, self.style.names, self.titles)


def kept_style(preferences: Preferences) -> FigureStyle:
    """The style that was used last."""
    try:
        record = json.loads(preferences[KEPT] or "{}")
    except ValueError:
        record = {}
    return read_style(record if isinstance(record, dict) else {})


def keep_style(preferences: Preferences, style: FigureStyle) -> None:
    """Use it the next time too."""
    preferences.set(KEPT, json.dumps(style.to_record(), ensure_ascii=False))


def ask_and_export(session: Session, drawing: Drawing, window: QWidget) -> bool:
    """Ask for a file and write the chart; False if the user does not want to."""
    name = f"{file_name(drawing.chart.title)}.{Kind.PNG}"
    chosen, kind = QFileDialog.getSaveFileName(window, "Export chart", name, ";;".join(KINDS))
    if not chosen:
        return False
    file, form = target_of(Path(chosen), KINDS.get(kind, Kind.PNG))
    if not may_write(file, chosen, window):
        return False
    write = _writer(session.store, drawing, form, as_drawn=kind == AS_DRAWN)
    session.jobs.read_long(
        lambda job: write(file, partial(_tell, job)),
        lambda told: session.message.emit(Message(f"Wrote {told} to {file}.")),
        title=f"Exporting to {file.name}",
    )
    return True


def target_of(file: Path, chosen: Kind) -> tuple[Path, Kind]:
    """The file and what it is: what its suffix says, else what was chosen, which is then appended."""
    suffix = file.suffix.lstrip(".").lower()
    if suffix in tuple(Kind):
        return file, Kind(suffix)
    return file.with_name(f"{file.name}.{chosen}"), chosen


def _writer(store: Store, drawing: Drawing, kind: Kind, *, as_drawn: bool) -> Callable[[Path, Progress], str]:
    """What writes a file of the kind, and tells what it has written."""

    def numbers(file: Path, progress: Progress) -> str:
        written: list[int] = []
        write = write_drawn if as_drawn else write_points
        write_whole(file, lambda place: written.append(write(store, drawing.chart, place, progress)))
        return counted(written[0], "point")

    def drawn(file: Path, _progress: Progress) -> str:
        content = DRAWN[kind](drawing.read(store, columns_for(kind, drawing.style)), drawing.style)
        write_whole(file, lambda place: place.write_bytes(content))
        return "the chart"

    return numbers if kind is Kind.CSV else drawn


def _tell(job: Job, done: int, total: int) -> None:
    """On a worker thread."""
    if job.cancelled:
        raise NotWanted
    job.progress = done / max(total, 1)


def copy_chart(session: Session, drawing: Drawing) -> None:
    """Put the chart on the clipboard, as a picture and as SVG."""
    session.jobs.read(partial(_copied, session.store, drawing), partial(_put, session), title="Copying the chart")


def _copied(store: Store, drawing: Drawing) -> tuple[QImage, bytes]:
    figure = drawing.read(store, columns_for(Kind.PNG, drawing.style))
    return picture(figure, drawing.style), DRAWN[Kind.SVG](figure, drawing.style)


def _put(session: Session, copied: tuple[QImage, bytes]) -> None:
    content = _content()
    content.setImageData(copied[0])
    content.setData(SVG, QByteArray(copied[1]))
    QGuiApplication.clipboard().setMimeData(content)
    session.message.emit(Message("Copied the chart as a picture and as SVG."))


def _content() -> QMimeData:
    """An empty content for the clipboard, made by Qt: one of Python's is deleted after Python's end, and crashes."""
    model = QStringListModel([""])
    content = model.mimeData([model.index(0)])
    content.clear()
    return content
