"""What the inspector says about a run, as plain texts: read on a worker, without Qt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from runfolio.core import numbers
from runfolio.core.direction import lower_is_better
from runfolio.core.entities import Artifact, MetricSummary, Run
from runfolio.core.errors import NotFound
from runfolio.core.numbers import column_format
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import ERROR_TAG, is_system_metric, is_system_tag
from runfolio.gui.inspector.rows import Span, TableRow, muted, plain
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.runs import get_run

# Captured of a run, in the order in which it is told, and its names here.
CAPTURED = {
    "runfolio.command": "command",
    "mlflow.source.name": "source",
    "runfolio.folder": "folder",
    "mlflow.source.git.commit": "commit",
    "mlflow.source.git.branch": "branch",
    "mlflow.source.git.repoURL": "repository",
    "runfolio.python": "Python",
    "runfolio.host": "host",
    "runfolio.cpu": "processor",
    "runfolio.memory": "memory",
    "runfolio.gpu": "graphics",
    "runfolio.system": "system",
}
#: Of a longer reason for a failure the banner shows so many characters; the traceback has it all.
LONGEST_REASON = 240
LONG_WORD = re.compile(r"(\S{16})(?=\S)")
TOTALS = ("epochs", "max_epochs", "num_epochs", "n_epochs", "steps", "max_steps", "total_steps", "num_steps")
ENDINGS = {
    RunStatus.FAILED: "✕ This run failed",
    RunStatus.KILLED: "■ This run was killed",
}


@dataclass(frozen=True, slots=True)
class Details:
    """A run as the inspector shows it. `parent` is the name of the run it is nested in, or empty."""

    run: Run
    artifacts: tuple[Artifact, ...]
    parent: str = ""

    @property
    def tags(self) -> dict[str, str]:
        """The tags a user sets; those that tracking sets are among the details."""
        return {key: value for key, value in self.run.tags.items() if not is_system_tag(key)}


def read_details(store: Store, run: int) -> Details | None:
    """Everything about a run; None if it is gone."""
    try:
        found = get_run(store, run)
        parent = get_run(store, found.parent).name if found.parent is not None else ""
    except NotFound:
        return None
    return Details(found, tuple(list_artifacts(store, run)), parent)


def length(run: Run, now: int) -> int:
    """How long a run has taken, or takes already, in milliseconds."""
    open_end = now if run.status is RunStatus.RUNNING else run.last_seen
    return max((run.end_time if run.end_time is not None else open_end) - run.start_time, 0)


def subtitle(run: Run, now: int) -> str:
    """How far, when, how long: `epoch 41/60 · 2 min ago · 12m 44s`."""
    parts = [progress(run), numbers.age(run.start_time, now), numbers.duration(length(run, now))]
    return " · ".join(part for part in parts if part)


def progress(run: Run) -> str:
    """The last step, with the total where a param tells it; empty for a run without metrics."""
    if not run.metrics:
        return ""
    step = run.last_step or 0
    for key in TOTALS:
        total = run.params.get(key, "")
        if total.isdecimal() and step <= int(total):
            return f"{'epoch' if 'epoch' in key else 'step'} {numbers.count(step)}/{numbers.count(int(total))}"
    return f"step {numbers.count(step)}" if step else ""


def ending(run: Run, now: int) -> str:
    """What to know first about a run that did not finish; empty for all others."""
    if run.status not in ENDINGS:
        return ""
    step = progress(run)
    after = f"after {numbers.duration(length(run, now))}"
    reason = shortened(run.tags.get(ERROR_TAG, ""), LONGEST_REASON)
    return f"{ENDINGS[run.status]} {after}{f', at {step}' if step else ''}.{f' {reason}' if reason else ''}"


def breakable(text: str) -> str:
    """A text that can be wrapped anywhere within its long words, such as paths."""
    return LONG_WORD.sub("\\1\u200b", text)


def shortened(text: str, longest: int) -> str:
    """The first line of a text, cut where it is too long."""
    line = text.partition("\n")[0]
    return line if len(line) <= longest else line[: longest - 1] + "…"


def param_rows(run: Run) -> list[TableRow]:
    """The params by name."""
    return [_row(key, value) for key, value in run.params.items()]


def metric_rows(run: Run) -> list[TableRow]:
    """Each metric's last value and, beside it, its best one and where that was."""
    return [TableRow(key, muted(key), partial(_last_and_best, metric)) for key, metric in _own_first(run)]


def _own_first(run: Run) -> list[tuple[str, MetricSummary]]:
    """The metrics, those of the machine's load behind those of the training."""
    return sorted(run.metrics.items(), key=lambda item: is_system_metric(item[0]))


def _last_and_best(metric: MetricSummary) -> tuple[Span, ...]:
    best = best_of(metric)
    form = column_format([metric.last] if best is None else [metric.last, best[1]])
    last = plain(form.text(metric.last))
    if best is None or metric.count < 2:
        return (last,)
    name, value, step = best
    return last, muted(f"  {name} {form.text(value)} @ {numbers.count(step)}")


def best_of(metric: MetricSummary) -> tuple[str, float, int] | None:
    """`min` or `max`, its value and its step; None of a metric that never had a finite value."""
    if lower_is_better(metric.key):
        name, value, step = "min", metric.minimum, metric.minimum_step
    else:
        name, value, step = "max", metric.maximum, metric.maximum_step
    return None if value is None or step is None else (name, value, step)


def statistic_rows(metric: MetricSummary) -> Iterator[TableRow]:
    """All that is known of a metric without its points."""
    places = (
        ("last", metric.last, metric.last_step),
        ("min", metric.minimum, metric.minimum_step),
        ("max", metric.maximum, metric.maximum_step),
        ("first", metric.first, metric.first_step),
        ("mean", metric.mean, None),
    )
    for name, value, step in places:
        if value is not None:
            yield TableRow(f"{metric.key}\0{name}", muted(name), partial(_value_at, metric, value, step))
    yield TableRow(f"{metric.key}\0points", muted("points"), partial(_points, metric))


def _value_at(metric: MetricSummary, value: float, step: int | None) -> tuple[Span, ...]:
    form = column_format([v for v in (metric.last, metric.minimum, metric.maximum) if v is not None])
    number = plain(form.text(value))
    return (number,) if step is None else (number, muted(f"  @ {numbers.count(step)}"))


def _points(metric: MetricSummary) -> tuple[Span, ...]:
    points = plain(numbers.count(metric.count))
    if not metric.non_finite:
        return (points,)
    return points, ("bad", f"  {numbers.count(metric.non_finite)} not finite")


def detail_rows(details: Details) -> list[TableRow]:
    """Where the run belongs and what tracking itself noted about it."""
    run = details.run
    facts: dict[str, str] = {"run id": run.run_id, "experiment": run.experiment_name}
    if run.parent is not None:
        facts["nested in"] = details.parent
    facts["user"] = run.user
    facts["started"] = numbers.full_time(run.start_time)
    if run.end_time is not None:
        facts["ended"] = numbers.full_time(run.end_time)
    facts |= _source(run.tags)
    return [_row(key, value) for key, value in facts.items() if value]


def _row(key: str, value: str) -> TableRow:
    return TableRow(key, muted(key), lambda: (plain(value),))


def _source(tags: Mapping[str, str]) -> dict[str, str]:
    found = {title: tags[key] for key, title in CAPTURED.items() if tags.get(key)}
    if "commit" in found and tags.get("mlflow.source.git.dirty") == "True":
        found["commit"] += " and changes"
    return found


def all_statistics(run: Run) -> list[TableRow]:
    """Every metric with everything known of it, under its name."""
    rows = []
    for key, metric in _own_first(run):
        rows.append(TableRow(key, plain(key), tuple))
        rows += statistic_rows(metric)
    return rows
