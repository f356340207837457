"""Stores of up to a million runs to look at, made once for each size and kept in the folder for temporary files.

Run with `python -m tests.benchmarks.large 100000` to make one. Rows go into the tables as ingestion writes them, by
`executemany`, without the detour over journals; the same size gives the same store.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, repeat
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Table, insert

from runfolio.core.clock import now_ms
from runfolio.core.columns import ATTRIBUTES
from runfolio.store import Store, codec, open_store, schema
from runfolio.store.connection import Transaction
from runfolio.store.experiments import id_for_name
from runfolio.store.key_ids import ids_of_keys
from runfolio.store.opening import SCHEMA_VERSION

FORMAT = 1
BATCH, TOLD = 2_000, 100_000
EXPERIMENTS = {"vision/cifar10-resnet": 50, "vision/imagenet-vit": 25, "nlp/translation": 15, "tabular/churn": 10}
TEXTS = {
    "optimizer": ("adam", "adamw", "lion", "sgd"),
    "model": tuple(f"{name}-{size}" for name in ("resnet", "vit", "unet", "mlp") for size in (18, 34, 50)),
    "augment": ("none", "flip", "flip,crop", "flip,crop,mixup"),
}
CURVES = ("train/loss", "val/loss", "val/acc")
# Curves have so many points, and so many shapes; the scores of a test on so many examples are so many.
POINTS, POOL, SCORES = 20, 997, 10_000
STATUSES = ("FINISHED",) * 45 + ("FAILED",) * 3 + ("KILLED",) * 2
TEAMS = ("vision", "speech", "search", "ads")
DAY = 86_400_000
MOODS = ("brave", "calm", "eager", "quiet")
# So many of a hundred runs have a certain param or metric, have a note, are nested; so many are in the trash besides.
FILLED, NOTED, NESTED, TRASHED = 95, 10, 2, 1

T = TypeVar("T")
Numbers: TypeAlias = NDArray[np.int64]
Rows: TypeAlias = tuple[tuple[Any, ...], tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Shape:
    """How many runs, and how many columns their table has."""

    runs: int
    columns: int

    @property
    def params(self) -> list[str]:
        """Params: three texts, the others numbers."""
        return [
            *TEXTS,
            *(f"hp/{n:02}" if n else "lr" for n in range((self.columns - len(ATTRIBUTES)) // 2 - len(TEXTS))),
        ]

    @property
    def metrics(self) -> list[str]:
        """Metrics: three with curves, the others with a value of the end."""
        count = self.columns - len(ATTRIBUTES) - len(self.params) - len(CURVES)
        return [*CURVES, *(f"test/score-{n:02}" for n in range(count))]


def shape_of(runs: int) -> Shape:
    """Thirty columns, and twenty where there are very many runs."""
    return Shape(runs, 30 if runs < 1_000_000 else 20)


def large_store(runs: int) -> Path:
    """The folder of a store of so many runs in use; made if it is not there. Others may read it at the same time."""
    folder = Path(tempfile.gettempdir()) / "runfolio-explorer" / f"{runs}-{FORMAT}.{SCHEMA_VERSION}"
    if not folder.exists():
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        store = open_store(fresh)
        fill(store, shape_of(runs))
        store.close()
        fresh.rename(folder)
    return folder


def fill(store: Store, shape: Shape) -> None:
    """Write all runs of a store; says how far it is."""
    writer = _Writer(shape)
    started, total = time.monotonic(), shape.runs + shape.runs * TRASHED // 100
    for first in range(1, total + 1, BATCH):
        with store.writing() as transaction:
            writer.write(transaction, range(first, min(first + BATCH, total + 1)))
        if first % TOLD == 1:
            print(f"  {first - 1:>9,} of {total:,} runs after {time.monotonic() - started:,.0f} s", flush=True)


class _Writer:
    """Makes the rows of many runs at once, column by column, from one seed."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape
        self._chance = np.random.default_rng(shape.runs)
        self._newest = now_ms() - DAY
        self._series = 0
        scores = [_curve(np.array([score / SCORES]), 0) for score in range(SCORES)]
        self._pools = {key: _curves(key) if key in CURVES else scores for key in shape.metrics}

    def write(self, transaction: Transaction, numbers: range) -> None:
        """All rows of some runs."""
        names = [*self._shape.params, *self._shape.metrics, "team", "note"]
        keys, runs = ids_of_keys(transaction, names), np.arange(numbers.start, numbers.stop)
        _insert(transaction, schema.runs, self._runs(transaction, runs))
        for name in self._shape.params:
            _insert(transaction, schema.params, self._params(self._some(runs, FILLED), name, keys[name]))
        teams = zip(runs.tolist(), repeat(keys["team"]), self._choose(TEAMS, len(runs)))
        notes = (
            (run, keys["note"], f"The note of run {run}: worth a look.") for run in self._some(runs, NOTED).tolist()
        )
        _insert(transaction, schema.tags, [*teams, *notes])
        for name in self._shape.metrics:
            self._write_metric(transaction, self._some(runs, FILLED), name, keys[name])

    def _some(self, runs: Numbers, share: int) -> Numbers:
        return runs[self._chance.integers(100, size=len(runs)) < share]

    def _choose(self, among: Sequence[T], count: int) -> Iterator[T]:
        return map(among.__getitem__, self._chance.integers(len(among), size=count).tolist())

    def _runs(self, transaction: Transaction, runs: Numbers) -> Iterator[tuple[Any, ...]]:
        places = [
            id_for_name(transaction, name, self._newest) for name in EXPERIMENTS for _ in range(EXPERIMENTS[name])
        ]
        # Some were brought in later than others that began after them.
        starts = self._newest - (self._shape.runs - runs) * 1000 - self._chance.integers(20_000, size=len(runs))
        ends = starts + self._chance.lognormal(13, 1.5, len(runs)).astype(np.int64)
        nested = set(self._some(runs[runs > 1], NESTED).tolist())
        columns = runs.tolist(), starts.tolist(), ends.tolist()
        drawn = (self._choose(among, len(runs)) for among in (places, STATUSES, MOODS, TEAMS))
        for run, start, end, place, status, mood, team in zip(*columns, *drawn, strict=True):
            stage, deleted = ("deleted", end) if run > self._shape.runs else ("active", None)
            parent = f"{run - 1:032x}" if run in nested else None
            own = run, f"{run:032x}", place, f"{mood}-{team}-{run}", status, start, end, end, stage, parent
            yield (*own, "user", "train.py", None, transaction.revision, deleted, None)

    def _params(self, runs: Numbers, name: str, key: int) -> Iterator[tuple[Any, ...]]:
        if name in TEXTS:
            return zip(runs.tolist(), repeat(key), self._choose(TEXTS[name], len(runs)), repeat(None))
        numbers = (10 ** self._chance.uniform(-4, 0, len(runs))).round(8).tolist()
        return zip(runs.tolist(), repeat(key), map(repr, numbers), numbers, strict=False)

    def _write_metric(self, transaction: Transaction, runs: Numbers, name: str, key: int) -> None:
        first, self._series = self._series + 1, self._series + len(runs)
        chosen = [*self._choose(self._pools[name], len(runs))]
        series = zip(count(first), runs.tolist(), chosen)
        _insert(transaction, schema.series, ((n, r, key, *one[0], transaction.revision) for n, r, one in series))
        _insert(transaction, schema.chunks, ((n, *one[1]) for n, one in zip(count(first), chosen)))


def _curves(key: str) -> list[Rows]:
    chance = np.random.default_rng(len(key))
    made = []
    for _ in range(POOL):
        loss = chance.uniform(0.05, 0.3) + np.exp(-chance.uniform(3, 8) * np.arange(POINTS) / POINTS)
        loss += chance.normal(0, 0.01, POINTS)
        made.append(_curve(1 - loss / 2 if key.endswith("acc") else loss, 0))
    return made


def _curve(values: Any, start: int) -> Rows:
    """The rows of `series` and `chunks` of one metric, without the numbers of its run, key and series."""
    steps = np.arange(len(values))
    times = start + 1000 * steps
    places = {"first": 0, "last": len(values) - 1, "min": int(values.argmin()), "max": int(values.argmax())}
    row: dict[str, Any] = {"count": len(values), "appends": 1, "non_finite": 0, "total": float(values.sum())}
    for name, at in places.items():
        row |= {f"{name}_value": float(values[at]), f"{name}_step": int(steps[at]), f"{name}_time": int(times[at])}
    chunk = {"start": 0, "ordered": True, "envelope": None, "data": codec.pack([steps, times, values]), **row}
    for name, moment in (("low", "min"), ("high", "max")):
        chunk |= {f"{name}_step": row[f"{moment}_step"], f"{name}_value": row[f"{moment}_value"]}
    own = [column.name for column in schema.series.columns][3:-2]
    return tuple(row[name] for name in own), tuple(chunk[column.name] for column in [*schema.chunks.columns][1:])


def _insert(transaction: Transaction, table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    names = [column.name for column in table.columns if column.computed is None]
    statement = str(insert(table).compile(transaction.connection.engine, column_keys=names))
    transaction.connection.exec_driver_sql(statement, [*rows])


def main() -> int:
    """Make a store and say where it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", type=int)
    print(large_store(parser.parse_args().runs))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
