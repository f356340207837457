"""Makes a report of what differs among runs: the table, curves, pictures, and lines that differ. For worker threads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from runfolio.core.clock import now_ms
from runfolio.core.difference_table import DifferenceLine, DifferencePart, Kind
from runfolio.core.numbers import counted, full_time
from runfolio.core.report import Report, report_html, report_markdown
from runfolio.core.run_titles import run_titles
from runfolio.gui.compare.details.asked import Asked, Reported
from runfolio.gui.compare.details.curves import STYLE
from runfolio.gui.compare.details.reading import READERS, read_detail
from runfolio.gui.curves.figure_files import as_png
from runfolio.previews.records import Ask
from runfolio.store import Store
from runfolio.store.runs import get_run

#: More rows of a kind are not laid open.
MOST_ROWS = 12
#: Pictures are no larger, in pixels.
LARGEST = 640


def make_report(
    store: Store, ask: Ask, runs: Sequence[int], parts: Sequence[DifferencePart], colors: Mapping[int, int]
) -> dict[str, bytes]:
    """The files of a report about runs, the baseline's first; `colors` are the numbers of those that were chosen.

    What others have made, such as pictures, is asked for where files are read.
    """
    found = [get_run(store, run) for run in runs]
    pictures: dict[str, bytes] = {}
    titles = run_titles([run.name for run in found], [run.run_id for run in found])
    names, keep = dict(zip((run.id for run in found), titles, strict=True)), partial(_kept, pictures)
    sections = [
        section
        for row in (Reported(_asked(kind, line, runs), names, colors, keep) for kind, line in _rows(parts))
        if (section := read_detail(store, row.asked, ask).section(row)) is not None
    ]
    report = Report(
        title=f"What differs among {counted(len(found), 'run')} of {found[0].experiment_name}",
        made=full_time(now_ms()),
        runs=[(names[run.id], run.run_id, str(run.status), full_time(run.start_time)) for run in found],
        parts=parts,
        sections=sections,
    )
    page = report_html(report, pictures)
    return {"report.md": report_markdown(report).encode(), "report.html": page.encode(), **pictures}


def _rows(parts: Sequence[DifferencePart]) -> Iterator[tuple[Kind, DifferenceLine]]:
    """The first rows that differ of each kind of which there is more than stands in the table."""
    for part in parts:
        if part.title in READERS:
            differing = [line for line in part.lines if line.differs]
            yield from ((part.title, line) for line in differing[:MOST_ROWS])


def _asked(kind: Kind, line: DifferenceLine, runs: Sequence[int]) -> Asked:
    """The row with the first run that differs beside the baseline."""
    return Asked(kind, line, tuple(runs), line.first_other, pixels=STYLE.pixels[0])


def _kept(pictures: dict[str, bytes], image: QImage) -> str:
    """Keep a picture as the next file; large ones are made smaller."""
    if max(image.width(), image.height()) > max(LARGEST, STYLE.pixels[0]):
        modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image.scaled(QSize(LARGEST, LARGEST), *modes)
    name = f"picture-{len(pictures) + 1}.png"
    pictures[name] = as_png(image)
    return name
