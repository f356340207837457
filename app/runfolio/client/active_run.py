"""A run that this process logs to."""

from __future__ import annotations

import struct
import threading
import time
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from runfolio.client.names_on_disk import NamesOnDisk
from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue
from runfolio.core.folder import ARTIFACTS
from runfolio.core.model_history import HISTORY, with_entry
from runfolio.core.states import RunStatus

if TYPE_CHECKING:
    from runfolio.client.tracker import Tracker

_now = time.time_ns


class RunInfo:
    """What identifies a run, by MLflow's names."""

    def __init__(self, run_id: str, run_name: str, experiment: Any, folder: Path) -> None:
        self.run_id = self.run_uuid = run_id
        self.run_name = run_name
        self.status: str = RunStatus.RUNNING
        self.start_time = now_ms()
        self.end_time: int | None = None
        self.folder = folder.joinpath(ARTIFACTS, run_id)
        self.artifact_uri = str(self.folder)
        self.lifecycle_stage = "active"
        self._experiment = experiment

    @property
    def experiment_id(self) -> str:
        """The experiment's id; asks the store on first use."""
        return str(self._experiment.experiment_id)


class RunData:
    """What this process logged to a run: the latest value of each key."""

    def __init__(self) -> None:
        self.params: dict[str, str] = {}
        self.tags: dict[str, str] = {}


class ActiveRun:
    """A run to log to; a context manager that ends it. All methods may be called from any thread.

    Attributes:
        info: its identity.
        data: the params and tags this process logged.
        names: those of its files.
        rewriting: held while a file of it is read and written again with more in it.
    """

    def __init__(self, tracker: Tracker, info: RunInfo) -> None:
        self.info = info
        self.data = RunData()
        self.names = NamesOnDisk()
        self.rewriting = threading.Lock()
        self._guard = threading.Lock()
        self._origin: dict[str, Any] = {}
        self._attach(tracker)

    def __enter__(self) -> ActiveRun:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        from runfolio.client import active_runs
        from runfolio.client.ending import status_of

        active_runs.leave(self, status_of(error), error=error)

    @property
    def store(self) -> Path:
        """The folder of its store."""
        return self._root

    @property
    def folder(self) -> Path:
        """Where the run's artifacts are; they follow a store that is moved. Raises OSError if nobody knows where to."""
        return self.info.folder if self._tracker is None else self._tracker.place() / ARTIFACTS / self.info.run_id

    @property
    def origin(self) -> dict[str, Any]:
        """The record that makes the run, for a process that goes on with it before it is in any table."""
        return {**self._origin}

    def log_metric(self, key: str, value: float, step: int | None = None, timestamp: int | None = None) -> None:
        """Append one point. The common case is written out for speed; what it cannot take is looked at closely."""
        try:
            self._point(
                self._series[key],
                0 if step is None else step,
                _now() // 1_000_000 if timestamp is None else rules.timestamp(timestamp),
                value,
            )
        except (KeyError, TypeError, struct.error, OverflowError):
            self._log_checked(key, value, step, timestamp)

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None, timestamp: int | None = None) -> None:
        """Append a point to each metric; all are checked before any is logged."""
        series = self._series
        number = 0 if step is None else rules.step(step)
        at = _now() // 1_000_000 if timestamp is None else rules.timestamp(timestamp)
        try:
            points = [(series[key], float(value)) for key, value in metrics.items()]
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError):
            given = rules.mapping(metrics, "metrics").items()
            values = [(rules.key(key, "metric"), rules.metric_value(key, value)) for key, value in given]
            self._define([key for key, _ in values])
            points = [(self._series[key], value) for key, value in values]
        for one, value in points:
            self._point(one, number, at, value)

    def log_params(self, params: Mapping[str, Any], *, overwrite: bool = False) -> None:
        """Set params; one already set to another value is refused, and then none of them is logged.

        With `overwrite`, the new value stands, and the old one stays in the param's history.
        """
        values = {
            rules.key(key, "param"): rules.param_value(key, value)
            for key, value in rules.mapping(params, "params").items()
        }
        with self._guard:
            for key, value in values.items():
                old = self.data.params.get(key, value)
                if old != value and not overwrite:
                    raise InvalidValue(
                        f"The param {key!r} is already {rules.shorten(old)} and cannot become {rules.shorten(value)}.",
                        "Pass overwrite=True to change it.",
                    )
            # With the guard held: of two threads, the one whose value is known here has its event first.
            self._event("params", values=values, **({"overwrite": True} if overwrite else {}))
            self.data.params.update(values)

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Set tags, whatever they were."""
        values = rules.tags(tags)
        self.data.tags.update(values)
        self._event("tags", values=values)

    def delete_tag(self, key: str) -> None:
        """Remove a tag."""
        self.data.tags.pop(rules.key(key, "tag"), None)
        self._event("tags", values={key: None})

    def note_inputs(self, inputs: list[dict[str, Any]]) -> None:
        """Note which datasets it used."""
        self._event("inputs", inputs=inputs)

    def note_model(self, entry: dict[str, Any]) -> None:
        """Add a model to the tag by which MLflow knows the models of a run: what the tag has of it.

        The store adds it to those that other processes logged; `data` has what this one knows of.
        """
        self._event("model", entry=entry)
        self.data.tags[HISTORY] = with_entry(self.data.tags.get(HISTORY), entry)

    def note_artifact(self, path: str, size: int, sha256: str = "") -> None:
        """Tell the store of a file that is in place; the hash in hexadecimal digits, "" if it is not known yet."""
        self._event("artifact", path=path, size=size, **({"sha256": sha256} if sha256 else {}))

    def note_gone(self, path: str) -> None:
        """Tell the store of a file that is not there any more."""
        self._event("artifact_gone", path=path)

    def start(self, **details: Any) -> None:
        """Write the record that makes the run, or takes it up again."""
        journal = self._attached().writer.path.name
        self._origin = {"name": self.info.run_name, "time": self.info.start_time, "journal": journal, **details}
        self._event("run", **self._origin)

    def rename(self, name: str) -> None:
        """Give it another name."""
        self.info.run_name = name
        self._event("update", name=name)

    def set_status(self, status: str, end_time: int | None = None) -> None:
        """Say, of a run that others log to or logged to, where it stands."""
        self.info.status, self.info.end_time = status, end_time
        self._event("update", status=status, **({} if end_time is None else {"end_time": end_time}))

    def end(self, status: str, end_time: int | None = None) -> None:
        """Write the record that ends the run, now or at another time in epoch milliseconds."""
        # Never before the start: the clock may have been set back.
        now = max(now_ms(), self.info.start_time)
        self.info.status, self.info.end_time = status, now if end_time is None else end_time
        self._event("end", status=status, time=self.info.end_time)

    def flush(self) -> bool:
        """Wait until everything is in the tables."""
        return self._attached().flush()

    def detach(self) -> None:
        """In a forked child: log to a journal of the child's own from the next call on."""
        self.names = NamesOnDisk()
        self.rewriting = threading.Lock()
        self._guard = threading.Lock()
        self._series: dict[str, int] = {}
        self._tracker: Tracker | None = None

    def _attach(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._series = {}
        self._point = tracker.writer.point
        self._root = tracker.folder
        tracker.runs.add(self)

    def _attached(self) -> Tracker:
        if self._tracker is None:
            from runfolio.client.tracker import tracker

            self._attach(tracker(self._root))
            # Whose journal reaches the tables first, the parent's or the child's, is open: either can make the run.
            if self._origin:  # else the run was in the tables before this process came
                self._event("run", **self._origin)
        assert self._tracker is not None
        return self._tracker

    def _event(self, kind: str, **details: Any) -> None:
        writer = self._attached().writer
        writer.event({"type": kind, "run": self.info.run_id, "time": now_ms(), **details})

    def _log_checked(self, key: str, value: Any, step: Any, timestamp: Any) -> None:
        self._define([rules.key(key, "metric")])
        number = self._series[key]
        at = now_ms() if timestamp is None else rules.timestamp(timestamp)
        self._point(number, rules.step(step), at, rules.metric_value(key, value))

    def _define(self, keys: Iterable[str]) -> None:
        """Declare those series that the journal has no numbers for yet."""
        writer = self._attached().writer
        with self._guard:
            fresh = {key: writer.next_series() for key in keys if key not in self._series}
            if fresh:
                writer.event({"type": "series", "run": self.info.run_id, "numbers": fresh})
                self._series |= fresh


def new_run_id() -> str:
    """A new public id of a run: 32 hexadecimal digits."""
    return uuid.uuid4().hex
