"""Reads what a row of differences is laid open to, on a worker thread."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from runfolio.core import captured as names
from runfolio.core import numbers
from runfolio.core.difference_table import Kind, cell_text, values_part
from runfolio.core.differences import CODE
from runfolio.core.errors import CannotShow, NotFound
from runfolio.core.file_facts import slots_of
from runfolio.core.git import between_commits
from runfolio.core.leaves import FILES, file_leaves
from runfolio.core.line_diff import LineDiff, diff_lines
from runfolio.core.patches import read_patch
from runfolio.core.picture_series import is_picture
from runfolio.core.table_cells import cells_by_name, common_columns, naming_column
from runfolio.gui.compare.details.asked import Asked, Detail
from runfolio.gui.compare.details.curves import Curves
from runfolio.gui.compare.details.picture_pair import Pictures
from runfolio.gui.compare.details.texts import Text
from runfolio.gui.compare.details.values import Values
from runfolio.gui.viewers.picture_questions import AskPicture
from runfolio.previews.records import Ask
from runfolio.previews.table.comparing import AskRows
from runfolio.store import Store
from runfolio.store.artifacts import artifact_file, list_artifacts
from runfolio.store.captured import captured_text
from runfolio.store.console import read_console
from runfolio.store.curves import curves
from runfolio.store.runs import get_run

#: Of longer texts the beginning is compared, in bytes; files that are larger are not taken apart.
MOST_TEXT, MOST_LEAVES = 1 << 20, 4 << 20
#: What may be a table, by the endings of names; JSON that is none is compared value by value.
TABLES = frozenset("csv tsv tab parquet pq arrow feather ipc json".split())
#: YAML takes a hundred times as long to read as JSON does.
MOST_YAML = 256 << 10
#: Pictures of a few runs are no larger than the first, of more than the second, in pixels.
FEW, MOST_PIXELS, LEAST_PIXELS = 3, 2048, 800
#: Of longer differences between commits the beginning is shown, in lines.
MOST_DIFF = 2_000
SAME = "They are the same."
GONE = "This file is not there any more."


def read_detail(store: Store, asked: Asked, ask: Ask) -> Detail:
    """What a row is laid open to; what others have made, such as pictures, is asked for where files are read."""
    return READERS.get(asked.kind, _stored)(store, asked, ask)


def _stored(_store: Store, asked: Asked, _ask: Ask) -> Text:
    return _cells(asked)


def _cells(asked: Asked, note: str = "") -> Text:
    """What stands in the table."""
    old, new = (cell_text(asked.line.cells[at]) for at in (0, asked.other))
    return _diff(old, new, note)


def _diff(old: str, new: str, note: str = "") -> Text:
    found = diff_lines(old, new)
    left_out = f"{found.left_out:,} more lines differ or stand around those that do." if found.left_out else ""
    same = SAME if not found.text else ""
    return Text(found, " ".join(filter(None, (same, left_out, note))))


def _curves(store: Store, asked: Asked, _ask: Ask) -> Curves:
    low, high = asked.span or (None, None)
    found = curves(store, set(asked.runs), asked.line.key, low, high, asked.pixels)
    return Curves({run: found[run] for run in dict.fromkeys(asked.runs) if run in found and len(found[run].x)})


def _code(store: Store, asked: Asked, _ask: Ask) -> Text:
    return _commits(store, asked) or _patches(store, asked) or _cells(asked)


def _commits(store: Store, asked: Asked) -> Text | None:
    """What differs between the commits, where the repository is still in the folder of one of the runs."""
    if asked.line.key != CODE[names.COMMIT] or (git := shutil.which("git")) is None:
        return None
    runs = [get_run(store, run) for run in asked.pair]
    old, new = (run.tags.get(names.COMMIT, "") for run in runs)
    slow = ""
    for folder in dict.fromkeys(run.tags.get(names.FOLDER, "") for run in runs):
        try:
            found = between_commits(git, Path(folder), old, new) if folder else None
        except TimeoutError as error:
            found, slow = None, str(error)
        if found is not None:
            lines = found.rstrip("\n").split("\n") if found else []
            more = len(lines) - MOST_DIFF
            note = f"{more:,} more lines." if more > 0 else "" if lines else SAME
            return Text(LineDiff("\n".join(lines[:MOST_DIFF])), note)
    return _cells(asked, slow) if slow else None


def _patches(store: Store, asked: Asked) -> Text | None:
    """What was not committed in a file; None where the row is about something else."""
    parts = []
    for run in asked.pair:
        patch = captured_text(store, get_run(store, run), names.PATCH)
        files = {file.path: file.text for file in read_patch(patch.text).files} if patch is not None else {}
        parts.append(files.get(asked.line.key))
    if parts == [None, None]:
        return None
    return _diff(parts[0] or "", parts[1] or "", "Compared are the uncommitted changes of both.")


def _output(store: Store, asked: Asked, _ask: Ask) -> Text:
    lacks = tuple(at for at in (0, asked.other) if asked.line.cells[at].text is None)
    if lacks:
        return Text(LineDiff(), lacks=lacks)
    outputs = [read_console(store, run, asked.line.key) for run in asked.pair]
    skipped = any(one.skipped for one in outputs)
    note = "Of long output, the end is compared." if skipped else ""
    old, new = (one.lines + one.rest for one in outputs)
    return _diff(old, new, note)


# Files


def _files(store: Store, asked: Asked, ask: Ask) -> Detail:
    """By what their names say."""
    paths = _paths(store, asked)
    steps = sorted({step for of_run in paths for step in of_run if step is not None})
    if steps or any(is_picture(path) for of_run in paths for path in of_run.values()):
        return _pictures(store, asked, ask, paths, steps)
    plain = [of_run.get(None) for of_run in paths]
    found = _tables(store, asked, ask, plain) or _values(store, asked, plain)
    return found if isinstance(found, Values) else _texts(store, asked, plain[0], plain[asked.other], found)


def _paths(store: Store, asked: Asked) -> list[Mapping[int | None, str]]:
    """Of each run, the files of the row by their steps."""
    listed = [[file.path for file in list_artifacts(store, run)] for run in asked.runs]
    return [
        {step: path for (name, step), path in slots.items() if name == asked.line.key} for slots in slots_of(listed)
    ]


def _pictures(
    store: Store, asked: Asked, ask: Ask, paths: Sequence[Mapping[int | None, str]], steps: list[int]
) -> Pictures:
    """Those of the step that is asked for, or of the last one that all runs have, or the baseline and the other one."""
    common = [step for step in steps if all(step in of_run for of_run in paths)]
    both = [step for step in steps if step in paths[0] and step in paths[asked.other]]
    step = asked.step if asked.step in steps else next(reversed(common or both or steps), None)
    at = tuple(_until(of_run, step) for of_run in paths)
    side = MOST_PIXELS if len(paths) <= FEW else LEAST_PIXELS
    found = [
        _picture(store, ask, run, of_run[own], side) if own in of_run else (None, _no_picture(of_run))
        for run, of_run, own in zip(asked.runs, paths, at, strict=True)
    ]
    images, notes = zip(*found, strict=True)
    return Pictures(images, notes, asked.other, tuple(steps), step, at)


def _until(of_run: Mapping[int | None, str], step: int | None) -> int | None:
    """The step of a run's picture that is shown for a step: the last one until then; None of none."""
    return max((one for one in of_run if one is not None and step is not None and one <= step), default=None)


def _picture(store: Store, ask: Ask, run: int, path: str, side: int) -> tuple[QImage | None, str]:
    """A picture that is no longer than so many pixels; or none, and why."""
    try:
        image = ask(AskPicture(str(artifact_file(store, run, path)), side, side * side)).image()
    except NotFound:
        return None, GONE
    except CannotShow as error:
        return None, str(error)
    if max(image.width(), image.height()) <= side:
        return image, ""
    modes = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(QSize(side, side), *modes), ""


def _no_picture(of_run: Mapping[int | None, str]) -> str:
    """Why a run has nothing to show for a step."""
    first = min((step for step in of_run if step is not None), default=None)
    return "It has no such picture." if first is None else f"Its first one is at step {first:,}."


def _tables(store: Store, asked: Asked, ask: Ask, paths: Sequence[str | None]) -> Values | None:
    """The cells of tables; None of files that are none, or cannot be read as such."""
    if asked.line.key.rsplit(".", 1)[-1].lower() not in TABLES:
        return None
    try:
        places = [path and str(artifact_file(store, run, path)) for run, path in zip(asked.runs, paths, strict=True)]
        tables = [ask(AskRows(path)) if path else None for path in places]
    except (NotFound, OSError, CannotShow):
        return None
    there = [table for table in tables if table is not None]
    columns = common_columns(there)
    key = asked.key if asked.key is not None and asked.key in ("", *columns) else naming_column(there)
    cells = [{} if table is None else cells_by_name(table, key) for table in tables]
    cut = max((len(table.rows) for table in there if len(table.rows) < table.total), default=0)
    note = f"The first {cut:,} rows are compared." if cut else ""
    return Values(values_part(Kind.FILES, cells), note, columns, key)


def _values(store: Store, asked: Asked, paths: Sequence[str | None]) -> Values | str:
    """The values of files that are structured and not too large; of others why not, if that is worth telling."""
    suffix = asked.line.key.rsplit(".", 1)[-1].lower()
    if suffix not in FILES:
        return ""
    most = MOST_YAML if suffix in ("yaml", "yml") else MOST_LEAVES
    places = zip(asked.runs, paths, strict=True)
    texts = [None if path is None else _text(store, run, path, most) for run, path in places]
    given = [text for path, text in zip(paths, texts, strict=True) if path is not None and text is not None]
    if len(given) < sum(path is not None for path in paths):
        return f"Files larger than {numbers.size(most)} are not compared value by value."
    try:
        found = iter(file_leaves(suffix, given))
    except ValueError as error:
        return str(error)
    return Values(values_part(Kind.FILES, [{} if text is None else next(found) for text in texts]))


def _texts(store: Store, asked: Asked, first: str | None, second: str | None, why: str) -> Text:
    """Lines of text, and why they are not compared otherwise; or what there is to be said of other files."""
    lacks = tuple(at for at, path in ((0, first), (asked.other, second)) if path is None)
    if first is None or second is None:
        return Text(LineDiff(), lacks=lacks)
    try:
        old, new = (_bytes(store, run, path) for run, path in zip(asked.pair, (first, second), strict=True))
    except (NotFound, OSError) as error:
        return Text(LineDiff(), _unread(error))
    if b"\0" in old[:8192] or b"\0" in new[:8192]:
        return Text(LineDiff(), "These are no texts, so only whether they differ can be told.")
    cut = max(len(old), len(new)) > MOST_TEXT
    note = f"The first {numbers.size(MOST_TEXT)} are compared." if cut else ""
    before, after = (data[:MOST_TEXT].decode("utf-8", "replace") for data in (old, new))
    return _diff(before, after, " ".join(filter(None, (why, note))))


def _unread(error: Exception) -> str:
    """Why a file could not be read."""
    if isinstance(error, PermissionError):
        return "You are not permitted to read this file."
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        return f"This file cannot be read: {error.strerror or error}."
    return GONE


def _text(store: Store, run: int, path: str, most: int) -> str | None:
    """None of a file that cannot be read, or is larger."""
    try:
        data = _bytes(store, run, path, most)
    except (NotFound, OSError):
        return None
    return None if len(data) > most else data.decode("utf-8-sig", "replace")


def _bytes(store: Store, run: int, path: str, most: int = MOST_TEXT) -> bytes:
    """One byte more than is wanted, if there is more. Raises NotFound, or OSError where it cannot be read."""
    with artifact_file(store, run, path).open("rb") as stream:
        return stream.read(most + 1)


#: What reads the rows of which there is more than stands in the table.
READERS: Mapping[Kind, Callable[[Store, Asked, Ask], Detail]] = {
    Kind.METRICS: _curves,
    Kind.CODE: _code,
    Kind.FILES: _files,
    Kind.OUTPUT: _output,
}
