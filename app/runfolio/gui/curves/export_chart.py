"""Taking a chart out of the window: into a file, or to the clipboard. Drawn and written by jobs."""

from __future__ import annotations

import json
from collections.abc import Callable
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
from runfolio.gui.curves.figure_files import DRAWN, PNG, SVG, DrawnFile, picture
from runfolio.gui.curves.figure_reading import ChartNow, read_figure
from runfolio.gui.jobs import Job
from runfolio.gui.messages import Message
from runfolio.gui.preferences import Preferences
from runfolio.gui.session import Session
from runfolio.gui.views.files import file_name, may_write
from runfolio.store import Store
from runfolio.store.files import write_whole

KEPT = "chart_export"
SVG_TYPE = "image/svg+xml"


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


@dataclass(frozen=True, slots=True)
class Format:
    """Something that a chart can be written as.

    Attributes:
        title: what it is called when a file is asked for.
        suffix: of its files, without its dot. Where that alone says what is wanted, the first with it is.
        write: writes a file on a worker, and tells what it has written. Raises UserError, or what its progress raises.
    """

    title: str
    suffix: str
    write: Callable[[Store, Drawing, Path, Progress], str]

    @property
    def choice(self) -> str:
        """Its entry in the dialog for files."""
        return f"{self.title} (*.{self.suffix})"


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


def _draw(kind: DrawnFile, store: Store, drawing: Drawing, file: Path, _progress: Progress) -> str:
    content = kind.content(drawing.read(store, kind.columns(drawing.style)), drawing.style)
    write_whole(file, lambda place: place.write_bytes(content))
    return "the chart"


def _write_numbers(
    write: Callable[[Store, ChartNow, Path, Progress], int],
    store: Store,
    drawing: Drawing,
    file: Path,
    progress: Progress,
) -> str:
    written: list[int] = []
    write_whole(file, lambda place: written.append(write(store, drawing.chart, place, progress)))
    return counted(written[0], "point")


FORMATS = (
    *(Format(kind.suffix.upper(), kind.suffix, partial(_draw, kind)) for kind in DRAWN),
    Format("CSV of every logged point in view", "csv", partial(_write_numbers, write_points)),
    Format("CSV of the lines as drawn", "csv", partial(_write_numbers, write_drawn)),
)


def ask_and_export(session: Session, drawing: Drawing, window: QWidget) -> bool:
    """Ask for a file and write the chart; False if the user does not want to."""
    name, choices = f"{file_name(drawing.chart.title)}.{FORMATS[0].suffix}", {form.choice: form for form in FORMATS}
    chosen, choice = QFileDialog.getSaveFileName(window, "Export chart", name, ";;".join(choices))
    if not chosen:
        return False
    file, form = target_of(Path(chosen), choices.get(choice, FORMATS[0]))
    if not may_write(file, chosen, window):
        return False
    session.jobs.read_long(
        lambda job: form.write(session.store, drawing, file, partial(_tell, job)),
        lambda told: session.message.emit(Message(f"Wrote {told} to {file}.")),
        title=f"Exporting to {file.name}",
    )
    return True


def target_of(file: Path, chosen: Format) -> tuple[Path, Format]:
    """The file and what it is: what its suffix says, else what was chosen, whose suffix is then appended."""
    suffix = file.suffix.lstrip(".").lower()
    meant = [form for form in FORMATS if form.suffix == suffix]
    if not meant:
        return file.with_name(f"{file.name}.{chosen.suffix}"), chosen
    return file, chosen if chosen in meant else meant[0]


def _tell(job: Job, done: int, total: int) -> None:
    """On a worker thread."""
    if job.cancelled:
        raise NotWanted
    job.progress = done / max(total, 1)


def copy_chart(session: Session, drawing: Drawing) -> None:
    """Put the chart on the clipboard, as a picture and as SVG."""
    session.jobs.read(partial(_copied, session.store, drawing), partial(_put, session), title="Copying the chart")


def _copied(store: Store, drawing: Drawing) -> tuple[QImage, bytes]:
    figure = drawing.read(store, PNG.columns(drawing.style))
    return picture(figure, drawing.style), SVG.content(figure, drawing.style)


def _put(session: Session, copied: tuple[QImage, bytes]) -> None:
    content = _content()
    content.setImageData(copied[0])
    content.setData(SVG_TYPE, QByteArray(copied[1]))
    QGuiApplication.clipboard().setMimeData(content)
    session.message.emit(Message("Copied the chart as a picture and as SVG."))


def _content() -> QMimeData:
    """An empty content for the clipboard, made by Qt: one of Python's is deleted after Python's end, and crashes."""
    model = QStringListModel([""])
    content = model.mimeData([model.index(0)])
    content.clear()
    return content
