"""What differs between two runs: params, code, environment, data and results, each with its old and its new value.

Only what was captured can be compared; where something was not, that is said instead of "the same".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from runfolio.core import captured as names
from runfolio.core.direction import best_of, is_judged, lower_of
from runfolio.core.entities import DatasetInput, MetricSummary, Run
from runfolio.core.file_facts import FileFact, Slot
from runfolio.core.numbers import MINUS, NumberFormat, column_format, counted
from runfolio.core.ordering import natural
from runfolio.core.packages import Lock, normal_name, read_lock
from runfolio.core.patches import Patch, PatchedFile, read_patch
from runfolio.core.rules import param_number
from runfolio.core.states import DATA_CONTEXT
from runfolio.core.system_tags import is_system_metric

COMMIT_LETTERS = 10
CODE = {names.COMMIT: "commit", names.BRANCH: "branch", names.REMOTE: "repository", names.COMMAND: "command"}
MACHINE = {
    names.PYTHON: "Python",
    names.HOST: "host",
    names.SYSTEM: "system",
    names.PROCESSOR: "processor",
    names.MEMORY: "memory",
    names.GRAPHICS: "graphics",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of one run: `patch` and `lock` are the texts of its captured files, None without one."""

    run: Run
    patch: str | None = None
    lock: str | None = None
    data: Sequence[DatasetInput] = ()
    files: Mapping[Slot, FileFact] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: None is "not there". Of a metric `change` says by how much, and `better` which way."""

    key: str
    old: str | None
    new: str | None
    change: str = ""
    better: bool | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The differences of one kind, and what could not be compared, in sentences."""

    title: str
    differences: tuple[Difference, ...] = ()
    unknown: tuple[str, ...] = field(default=())


def differences(old: Snapshot, new: Snapshot, lower: Mapping[str, bool] | None = None) -> tuple[Group, ...]:
    """Everything that differs, in five groups; `lower` has the metrics whose better direction a user has chosen."""
    return (
        Group("Parameters", tuple(_params(old.run.params, new.run.params))),
        _code(old, new),
        _environment(old, new),
        _data(old, new),
        Group("Best metrics", tuple(_metrics(old.run.metrics, new.run.metrics, lower or {}))),
    )


def _texts(
    old: Mapping[str, str], new: Mapping[str, str], same: Callable[[str, str], bool] = str.__eq__
) -> list[Difference]:
    keys = sorted({**old, **new}, key=natural)
    pairs = ((key, old.get(key), new.get(key)) for key in keys)
    return [
        Difference(key, before, after)
        for key, before, after in pairs
        if before is None or after is None or not same(before, after)
    ]


def _params(old: Mapping[str, str], new: Mapping[str, str]) -> list[Difference]:
    return _texts(old, new, same_setting)


def same_setting(old: str, new: str) -> bool:
    """`0.1` is the setting `0.10`."""
    if old == new:
        return True
    number = param_number(old)
    return number is not None and number == param_number(new)


# Code


def _code(old: Snapshot, new: Snapshot) -> Group:
    found = _texts(captured_tags(old, CODE), captured_tags(new, CODE))
    missing = [_missing("The code", one.run) for one in (old, new) if names.COMMIT not in one.run.tags]
    if len(missing) == 2:
        return Group("Code", tuple(found), ("The code was not captured of either run.",))
    found = [one for one in found if not (missing and one.key in ("commit", "branch", "repository"))]
    changed, unknown = _uncommitted(old, new) if not missing else ([], [])
    return Group("Code", (*found, *changed), (*missing, *unknown))


def captured_tags(one: Snapshot, titles: Mapping[str, str]) -> dict[str, str]:
    """What some of the tags that tracking sets say of a run, by their titles."""
    found = {title: one.run.tags[tag] for tag, title in titles.items() if one.run.tags.get(tag)}
    if "commit" in found:
        found["commit"] = found["commit"][:COMMIT_LETTERS]
    return found


def _missing(what: str, run: Run) -> str:
    return f"{what} of {run.name} was not captured."


def _uncommitted(old: Snapshot, new: Snapshot) -> tuple[list[Difference], list[str]]:
    """What was changed beside the commits, by file."""
    lost = [one for one in (old, new) if one.patch is None and one.run.tags.get(names.DIRTY) == "True"]
    if lost:
        return [], [f"What {one.run.name} had uncommitted is not kept." for one in lost]
    before, after = read_patch(old.patch or ""), read_patch(new.patch or "")
    files = _patched(before), _patched(after)
    found = [
        Difference(path, _file_text(files[0].get(path)), _file_text(files[1].get(path), files[0].get(path)))
        for path in sorted({**files[0], **files[1]}, key=natural)
        if _part(files[0].get(path)) != _part(files[1].get(path))
    ]
    strange = {name: "not in git" for name in before.unknown}, {name: "not in git" for name in after.unknown}
    return found + _texts(*strange), list(_uncertain(before, after))


def _patched(patch: Patch) -> dict[str, PatchedFile]:
    return {file.path: file for file in patch.files}


def _part(file: PatchedFile | None) -> str:
    return "" if file is None else file.text


def _file_text(file: PatchedFile | None, before: PatchedFile | None = None) -> str:
    if file is None:
        return "as committed"
    same = before is not None and before.summary == file.summary
    return f"{file.summary} uncommitted" + (", other lines" if same else "")


def _uncertain(old: Patch, new: Patch) -> Iterable[str]:
    if both := set(old.unknown) & set(new.unknown):
        what = "it" if len(both) == 1 else "they"
        is_are = "is" if len(both) == 1 else "are"
        yield f"{counted(len(both), 'file')} {is_are} not in git; whether {what} changed is not known."
    if old.cut or new.cut:
        yield "The uncommitted changes are too long to be kept whole."


# Environment and data


def _environment(old: Snapshot, new: Snapshot) -> Group:
    found = _texts(captured_tags(old, MACHINE), captured_tags(new, MACHINE))
    missing = [_missing("The list of packages", one.run) for one in (old, new) if one.lock is None]
    if missing:
        known = names.PYTHON in old.run.tags and names.PYTHON in new.run.tags
        both = "The environment" if not known else "The list of packages"
        said = (f"{both} was not captured of either run.",) if len(missing) == 2 else tuple(missing)
        return Group("Environment", tuple(found) if known else (), said)
    return Group("Environment", (*found, *_packages(read_lock(old.lock or ""), read_lock(new.lock or ""))))


def _packages(old: Lock, new: Lock) -> list[Difference]:
    titles = {normal_name(name): name for name in (*old.packages, *new.packages)}
    before, after = (
        {titles[normal_name(name)]: version for name, version in lock.packages.items()} for lock in (old, new)
    )
    return _texts(before, after)


def _data(old: Snapshot, new: Snapshot) -> Group:
    if not old.data and not new.data:
        return Group("Data", unknown=("No dataset was logged with either run.",))
    return Group("Data", tuple(_texts(digests(old.data), digests(new.data))))


def digests(data: Sequence[DatasetInput]) -> dict[str, str]:
    """The digests of datasets by name and use."""
    found: dict[str, list[str]] = {}
    for one in data:
        context = one.tags.get(DATA_CONTEXT, "")
        found.setdefault(f"{one.dataset.name} ({context})" if context else one.dataset.name, []).append(
            one.dataset.digest
        )
    return {name: ", ".join(sorted(digests)) for name, digests in found.items()}


# Results


def _metrics(
    old: Mapping[str, MetricSummary], new: Mapping[str, MetricSummary], lower: Mapping[str, bool]
) -> Iterable[Difference]:
    for key in sorted({**old, **new}, key=natural):
        if not is_system_metric(key) and (found := _metric(key, old.get(key), new.get(key), lower)) is not None:
            yield found


def _best_text(metric: MetricSummary | None, best: tuple[str, float, int] | None, form: NumberFormat) -> str | None:
    if metric is None:
        return None
    return form.text(metric.last if best is None else best[1])


def _metric(
    key: str, old: MetricSummary | None, new: MetricSummary | None, lower: Mapping[str, bool]
) -> Difference | None:
    before, after = (best_of(one, lower) if one is not None else None for one in (old, new))
    values = [best[1] for best in (before, after) if best is not None]
    if not values or (before is not None and after is not None and before[1] == after[1]):
        return None
    form = column_format(values)
    first, second = _best_text(old, before, form), _best_text(new, after, form)
    if before is None or after is None:
        return Difference(key, first, second)
    change = after[1] - before[1]
    return Difference(key, first, second, signed(change, form), is_better(key, change, lower))


def signed(change: float, form: NumberFormat) -> str:
    """By how much something differs, with its sign."""
    text = form.text(change)
    return text if text.startswith(MINUS) else f"+{text}"


def is_better(key: str, change: float, lower: Mapping[str, bool]) -> bool | None:
    """Whether a change of a metric is one for the better; None where nobody can say."""
    return (change < 0) is lower_of(key, lower) if is_judged(key, lower) else None
