"""Sending the rows of a CSV file to servers, some at a time, and how what they answer is distributed."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from runfolio.core.errors import CannotShow, InvalidValue
from runfolio.core.serving.records import ServerInfo
from runfolio.serving.asking import Reply, ask

CSV = "text/csv"
ROWS = 1_000
#: Seconds that a batch may take.
SECONDS = 120.0
#: So many different answers have a bar each; of more numbers, stretches do.
MOST_BARS, STRETCHES = 20, 30
OTHERS = "others"
#: Letters of an answer that is a text.
LETTERS = 60
Value = float | str


@dataclass(slots=True)
class Answers:
    """What a server has answered so far. A thread adds to it while another one looks.

    Attributes:
        version: that has answered last.
        rows: that were answered.
        outputs: the answers by the name of the output, which is "" of a model with one.
    """

    server: ServerInfo
    version: str = ""
    rows: int = 0
    outputs: dict[str, list[Value]] = field(default_factory=dict)

    def add(self, reply: Reply, rows: int) -> None:
        """Take an answer to so many rows. Raises CannotShow for what is none."""
        told = reply.json()
        if not reply.ok:
            what = told.get("message", "") if isinstance(told, Mapping) else ""
            place = f"rows {self.rows + 1:,} to {self.rows + rows:,}" if rows > 1 else f"row {self.rows + 1:,}"
            raise CannotShow(f"{self.server.address} says {reply.status} to {place}: {what}")
        predictions = told.get("predictions") if isinstance(told, Mapping) else None
        for name, values in outputs_of(predictions).items():
            self.outputs.setdefault(name, []).extend(values)
        self.version, self.rows = reply.version, self.rows + rows


@dataclass(frozen=True, slots=True, eq=False)
class Distribution:
    """How answers are distributed.

    Attributes:
        names: what each bar stands for.
        edges: where the stretches of numbers begin and end, one more than there are; None of single answers.
        counts: for each server, the number of each bar.
    """

    names: tuple[str, ...]
    edges: npt.NDArray[np.float64] | None
    counts: tuple[npt.NDArray[np.int64], ...]


def batches(file: Path, rows: int = ROWS) -> Iterator[tuple[bytes, int, float]]:
    """The rows of a CSV file as files of some rows: each with how many it has, and the share that was read with it.

    Raises InvalidValue for a file without rows, or that is no text; OSError.
    """
    size = max(file.stat().st_size, 1)
    with file.open("rb") as opened, io.TextIOWrapper(opened, "utf-8-sig", newline="") as text:
        reader = csv.reader(text)
        try:
            names = next(reader, None)
            if not names:
                raise InvalidValue(f"{file.name} is empty.", "Choose a CSV file with a line of names.")
            taken: list[list[str]] = []
            number = 0
            for row in reader:
                if row:
                    taken.append(row)
                if len(taken) == rows:
                    yield _written(names, taken), len(taken), min(opened.tell() / size, 1.0)
                    number, taken = number + len(taken), []
        except (csv.Error, UnicodeDecodeError) as problem:
            raise InvalidValue(f"{file.name} is no CSV file in UTF-8: {problem}.") from problem
        if not taken and not number:
            raise InvalidValue(f"{file.name} has no rows below its names.", "Choose a file with some.")
        if taken:
            yield _written(names, taken), len(taken), 1.0


def replay(
    file: Path,
    answers: Sequence[Answers],
    *,
    progress: Callable[[float], None] = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
    rows: int = ROWS,
) -> None:
    """Send all rows to each server, until nobody waits any more. Raises NoAnswer, CannotShow, InvalidValue, OSError."""
    for body, number, share in batches(file, rows):
        for one in answers:
            if stopped():
                return
            one.add(ask(one.server, "/invocations", body, kind=CSV, seconds=SECONDS, stopped=stopped), number)
        progress(share)


def outputs_of(predictions: Any) -> dict[str, list[Value]]:
    """The values of each output of an answer's `predictions`: a list of numbers, of rows, or lists by name."""
    if isinstance(predictions, Mapping):
        return {str(name): _values(one) for name, one in predictions.items()}
    if not isinstance(predictions, list) or not predictions:
        return {}
    first = predictions[0]
    if isinstance(first, Mapping):
        return {str(name): [_value(_of(row, name)) for row in predictions] for name in first}
    if isinstance(first, list) and len(first) > 1:
        return {str(at): [_value(_item(row, at)) for row in predictions] for at in range(len(first))}
    return {"": _values(predictions)}


def distribution(series: Sequence[Sequence[Value]]) -> Distribution:
    """How answers of some servers are distributed, over the same bars."""
    seen = Counter(value for values in series for value in values)
    if len(seen) > MOST_BARS and all(isinstance(value, float) for value in seen):
        numbers = [np.array(values, np.float64) for values in series]
        finite = [one[np.isfinite(one)] for one in numbers]
        whole = np.concatenate(finite)
        edges = np.histogram_bin_edges(whole, STRETCHES)
        counts = tuple(np.histogram(one, edges)[0].astype(np.int64) for one in finite)
        names = tuple(f"{low:.4g} to {high:.4g}" for low, high in pairwise(edges))
        return Distribution(names, edges, counts)
    shown = [value for value, _ in seen.most_common(MOST_BARS)]
    shown.sort(key=lambda value: (isinstance(value, str), value))
    each = [Counter(values) for values in series]
    counted = [[one[value] for value in shown] for one in each]
    titles = [f"{value:g}" if isinstance(value, float) else value for value in shown]
    if len(seen) > MOST_BARS:
        titles.append(OTHERS)
        counted = [[*row, len(values) - sum(row)] for row, values in zip(counted, series, strict=True)]
    return Distribution(tuple(titles), None, tuple(np.array(row, np.int64) for row in counted))


def _written(names: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(names)
    writer.writerows(rows)
    return file.getvalue().encode()


def _values(values: Any) -> list[Value]:
    return [_value(one) for one in values] if isinstance(values, list) else [_value(values)]


def _value(value: Any) -> Value:
    """A number, or a text of what is none; a list of one is what it holds."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    return (value if isinstance(value, str) else str(value))[:LETTERS]


def _of(row: Any, name: Any) -> Any:
    return row.get(name) if isinstance(row, Mapping) else row


def _item(row: Any, at: int) -> Any:
    return row[at] if isinstance(row, list) and at < len(row) else None
