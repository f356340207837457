"""What the inspector says about a run, as plain texts: read and made without widgets."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from runfolio.core import numbers
from runfolio.core.captured import TRACEBACK
from runfolio.core.direction import best_of
from runfolio.core.entities import Artifact, MetricSummary, Run
from runfolio.core.errors import NotFound
from runfolio.core.numbers import column_format
from runfolio.core.ordering import natural
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import ERROR_TAG, LOAD, is_system_metric, is_system_tag
from runfolio.gui.inspector.rows import Span, TableRow, muted, plain, simple, text_of
from runfolio.gui.runs.cells import status_text
from runfolio.gui.runs.look import STATUS_ROLES
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.family import Family, Relative
from runfolio.store.runs import get_run

#: Of a longer reason for a failure the banner shows so many characters; the traceback has it all.
LONGEST_REASON = 240
LONG_WORD = re.compile(r"(\S{16})(?=\S)")
TOTALS = ("epochs", "max_epochs", "num_epochs", "n_epochs", "steps", "max_steps", "total_steps", "num_steps")
UNITS = {"_percentage": "%", "_megabytes": "MB", "_watts": "W"}
#: Given all numbers that stand together, how each is written.
Writer: TypeAlias = Callable[..., Callable[[float], str]]
ENDINGS = {
    RunStatus.FAILED: "✕ This run failed",
    RunStatus.KILLED: "■ This run was killed",
}


@dataclass(frozen=True, slots=True)
class Details:
    """A run as the inspector shows it: what is read again whenever it changes."""

    run: Run
    artifacts: tuple[Artifact, ...]

    def has(self, path: str) -> bool:
        """Whether the run has a file of this name."""
        return any(file.path == path for file in self.artifacts)

    @property
    def tags(self) -> dict[str, str]:
        """The tags a user sets; those that tracking sets are among the details."""
        return {key: value for key, value in self.run.tags.items() if not is_system_tag(key)}


def read_details(store: Store, run: int) -> Details | None:
    """A run and its files; None if it is gone."""
    try:
        return Details(get_run(store, run), tuple(list_artifacts(store, run)))
    except NotFound:
        return None


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


def ending(details: Details, now: int) -> str:
    """What to know first about a run that did not finish; empty for all others. A traceback says the reason itself."""
    run = details.run
    if run.status not in ENDINGS:
        return ""
    step = progress(run)
    after = f"after {numbers.duration(length(run, now))}"
    told = details.has(TRACEBACK)
    reason = "" if told else shortened(run.tags.get(ERROR_TAG, ""), LONGEST_REASON)
    return f"{ENDINGS[run.status]} {after}{f', at {step}' if step else ''}.{f' {reason}' if reason else ''}"


def breakable(text: str) -> str:
    """A text that can be wrapped anywhere within its long words, such as paths."""
    return LONG_WORD.sub("\\1\u200b", text)


def shortened(text: str, longest: int) -> str:
    """The first line of a text, cut where it is too long."""
    line = text.partition("\n")[0]
    return line if len(line) <= longest else line[: longest - 1] + "…"


def param_rows(run: Run) -> list[TableRow]:
    """The params by name, as the run table shows them."""
    return [_param_row(key, run.params[key]) for key in sorted(run.params, key=natural)]


def _param_row(key: str, value: str) -> TableRow:
    return simple(key, numbers.setting(value))._replace(full=lambda: value)


def metric_rows(run: Run, lower: Mapping[str, bool] | None = None) -> list[TableRow]:
    """Each metric's last value and, beside it, its best one and where that was."""
    return [
        _number_row(key, key, partial(_last_and_best, run.metrics[key], lower), trend=key)
        for key in sorted(run.metrics, key=natural)
        if not is_system_metric(key)
    ]


def load_rows(run: Run) -> list[TableRow]:
    """The metrics of the machine's load: the last value, the mean and the greatest one."""
    return [
        _number_row(key, load_name(key), partial(_last_and_range, run.metrics[key]), trend=key)
        for key in sorted(run.metrics, key=natural)
        if is_system_metric(key)
    ]


def load_name(key: str) -> str:
    """A metric of the machine's load in words: `system/cpu_utilization_percentage` is `cpu utilization, %`."""
    name = key.removeprefix(LOAD)
    ending, unit = next(((e, u) for e, u in UNITS.items() if name.endswith(e)), ("", ""))
    return name.removesuffix(ending).replace("_", " ") + (f", {unit}" if unit else "")


def _number_row(key: str, name: str, make: Callable[[Writer], tuple[Span, ...]], trend: str = "") -> TableRow:
    """Numbers with as few digits as tell them apart; copies and tool tips have all of them."""
    return TableRow(
        key, muted(name), lambda: make(_with_few_digits), trend=trend, full=lambda: text_of(make(_with_all_digits))
    )


def _with_few_digits(*values: float | None) -> Callable[[float], str]:
    return column_format(value for value in values if value is not None).text


def _with_all_digits(*_values: float | None) -> Callable[[float], str]:
    return numbers.exact


def _last_and_best(metric: MetricSummary, lower: Mapping[str, bool] | None, writer: Writer) -> tuple[Span, ...]:
    best = best_of(metric, lower)
    write = writer(metric.last, None if best is None else best[1])
    last = plain(write(metric.last))
    if best is None or metric.count < 2:
        return (last,)
    name, value, step = best
    return last, muted(f"  {name} {write(value)} @ {numbers.count(step)}")


def _last_and_range(metric: MetricSummary, writer: Writer) -> tuple[Span, ...]:
    write = writer(metric.last, metric.mean, metric.maximum)
    last = plain(write(metric.last))
    if metric.count < 2 or metric.mean is None or metric.maximum is None:
        return (last,)
    return last, muted(f"  mean {write(metric.mean)}  max {write(metric.maximum)}")


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
            yield _number_row(f"{metric.key}\0{name}", name, partial(_value_at, metric, value, step))
    yield TableRow(f"{metric.key}\0points", muted("points"), partial(_points, metric))


def _value_at(metric: MetricSummary, value: float, step: int | None, writer: Writer) -> tuple[Span, ...]:
    number = plain(writer(metric.last, metric.minimum, metric.maximum, value)(value))
    return (number,) if step is None else (number, muted(f"  @ {numbers.count(step)}"))


def _points(metric: MetricSummary) -> tuple[Span, ...]:
    points = plain(numbers.count(metric.count))
    if not metric.non_finite:
        return (points,)
    return points, ("bad", f"  {numbers.count(metric.non_finite)} not finite")


def detail_rows(run: Run) -> list[TableRow]:
    """Where the run belongs, and when it was."""
    facts = {
        "run id": run.run_id,
        "experiment": run.experiment_name,
        "user": run.user,
        "source": run.source,
        "started": numbers.full_time(run.start_time),
        "ended": numbers.full_time(run.end_time) if run.end_time is not None else "",
    }
    return [simple(key, value) for key, value in facts.items() if value]


def tag_rows(run: Run, titles: Mapping[str, str]) -> list[TableRow]:
    """Captured tags under the names they have here, as far as the run has them."""
    return [simple(title, run.tags[tag]) for tag, title in titles.items() if run.tags.get(tag)]


def all_statistics(run: Run) -> list[TableRow]:
    """Every metric of the training with everything known of it, under its name."""
    rows = []
    for key in sorted(run.metrics, key=natural):
        if not is_system_metric(key):
            rows.append(TableRow(key, plain(key), tuple, trend=key))
            rows += statistic_rows(run.metrics[key])
    return rows


def family_rows(found: Family) -> list[TableRow]:
    """The run that it is nested in, and those that are nested in it, as links."""
    rows = [_relative_row("in", found.parent)] if found.parent is not None else []
    rows += [_relative_row(child.name, child) for child in found.children]
    if found.total > len(found.children):
        rows.append(simple("…", f"{found.total - len(found.children):,} more"))
    return rows


def _relative_row(name: str, one: Relative) -> TableRow:
    if name == "in":
        return TableRow(f"in {one.id}", muted("nested in"), partial(_same, (("accent", one.name),)), one)
    return TableRow(
        str(one.id), ("accent", name), partial(_same, ((STATUS_ROLES[one.status], status_text(one.status)),)), one
    )


def _same(spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return spans
