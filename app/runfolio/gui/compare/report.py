"""Makes a report of what differs among runs: the table, curves, pictures, and lines that differ. For worker threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from runfolio.core.curves import Curve
from runfolio.core.difference_table import DifferenceLine, DifferencePart, Kind
from runfolio.core.numbers import counted
from runfolio.core.report import Figure as ReportFigure
from runfolio.core.report import Report, Section, report_html, report_markdown
from runfolio.gui.compare.details.asked import Asked, Curves, Pictures, Said, Text, Values
from runfolio.gui.compare.details.reading import read_detail
from runfolio.gui.curves.coordinates import to_axis
from runfolio.gui.curves.figure import Figure, FigureLine, FigureStyle
from runfolio.gui.curves.figure_files import as_png, picture
from runfolio.gui.curves.figure_reading import clean
from runfolio.gui.curves.limits import around_x, around_y
from runfolio.gui.curves.nearest import extent
from runfolio.gui.curves.x_axes import XAxis
from runfolio.store import Store
from runfolio.store.runs import get_run

#: More rows of a kind are not laid open, and texts are no longer.
MOST_ROWS, MOST_LINES = 12, 200
#: Pictures are no larger, in pixels.
LARGEST = 640
STYLE = FigureStyle(width=160, height=80, font=8.0, line=1.0, dpi=144)
LAID_OPEN = (Kind.METRICS, Kind.CODE, Kind.FILES, Kind.OUTPUT)


def make_report(
    store: Store, runs: Sequence[int], parts: Sequence[DifferencePart], colors: Mapping[int, int]
) -> dict[str, bytes]:
    """The files of a report about runs, the baseline's first; `colors` are the numbers of those that were chosen."""
    found = [get_run(store, run) for run in runs]
    pictures: dict[str, bytes] = {}
    names = {run.id: run.name for run in found}
    sections = [
        section
        for kind, line in _rows(parts)
        if (section := _section(store, _asked(kind, line, runs), names, colors, pictures)) is not None
    ]
    report = Report(
        title=f"What differs among {counted(len(found), 'run')} of {found[0].experiment_name}",
        made=f"{datetime.now():%Y-%m-%d %H:%M}",
        runs=[(run.name, run.run_id, str(run.status), _moment(run.start_time)) for run in found],
        parts=parts,
        sections=sections,
    )
    page = report_html(report, pictures)
    return {"report.md": report_markdown(report).encode(), "report.html": page.encode(), **pictures}


def _moment(milliseconds: int) -> str:
    return f"{datetime.fromtimestamp(milliseconds / 1000):%Y-%m-%d %H:%M:%S}"


def _rows(parts: Sequence[DifferencePart]) -> Iterator[tuple[Kind, DifferenceLine]]:
    """The first rows that differ of each kind that is laid open."""
    for part in parts:
        if part.title in LAID_OPEN:
            differing = [line for line in part.lines if line.differs]
            yield from ((part.title, line) for line in differing[:MOST_ROWS])


def _asked(kind: Kind, line: DifferenceLine, runs: Sequence[int]) -> Asked:
    """The row with the first run that differs beside the baseline."""
    return Asked(kind, line, tuple(runs), line.first_other, pixels=STYLE.pixels[0])


def _section(
    store: Store, asked: Asked, names: Mapping[int, str], colors: Mapping[int, int], pictures: dict[str, bytes]
) -> Section | None:
    """What a row is laid open to; its pictures are put to the others. None where there is nothing to be seen."""
    key, (old, new) = asked.line.key, asked.pair
    versus = f"{names[old]} beside {names[new]}."
    match read_detail(store, asked):
        case Curves(lines) if lines:
            file = _kept(pictures, picture(_figure(key, lines, names, colors), STYLE))
            return Section(key, (ReportFigure(f"Curves of {key}", file),))
        case Pictures(images, step=step):
            told = "" if step is None else f", step {step:,}"
            given = [(run, image) for run, image in zip(asked.runs, images, strict=True) if image is not None]
            figures = tuple(ReportFigure(f"{names[run]}{told}", _kept(pictures, image)) for run, image in given)
            return Section(key, figures) if figures else None
        case Text(diff, note) if diff.text:
            return Section(key, lines=_cut(diff.text), note=f"{versus} {note}".strip())
        case Values(part) if any(line.differs for line in part.lines):
            return Section(key, lines=_cut("\n".join(_changes(part, asked.other))), note=versus)
        case Said() | _:
            return None


def _cut(text: str) -> str:
    lines = text.split("\n")
    more = len(lines) - MOST_LINES
    return "\n".join([*lines[:MOST_LINES], f"… {more:,} more lines"] if more > 0 else lines)


def _changes(part: DifferencePart, other: int) -> Iterator[str]:
    """Values of a file as lines that are taken away and put in."""
    for line in part.lines:
        if line.cells[other].differs:
            sides = zip("-+", (line.cells[0], line.cells[other]), strict=True)
            yield from (f"{sign}{line.key}: {cell.text}" for sign, cell in sides if cell.text is not None)


def _figure(key: str, lines: Mapping[int, Curve], names: Mapping[int, str], colors: Mapping[int, int]) -> Figure:
    drawn = tuple(FigureLine(clean(names[run]), colors.get(run, run), curve) for run, curve in lines.items())
    x = around_x(min(float(one.curve.x[0]) for one in drawn), max(float(one.curve.x[-1]) for one in drawn))
    spans = [extent(to_axis(one.curve.y, log=False), one.curve.x, *x) for one in drawn]
    ends = [span for span in spans if span is not None]
    low, high = (min(end[0] for end in ends), max(end[1] for end in ends)) if ends else (0.0, 1.0)
    return Figure(drawn, XAxis.STEP, False, x, around_y(low, high), ("step", clean(key)))


def _kept(pictures: dict[str, bytes], image: QImage) -> str:
    """Keep a picture as the next file; large ones are made smaller."""
    if max(image.width(), image.height()) > max(LARGEST, STYLE.pixels[0]):
        modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(LARGEST, LARGEST), *modes)
    name = f"picture-{len(pictures) + 1}.png"
    pictures[name] = as_png(image)
    return name
