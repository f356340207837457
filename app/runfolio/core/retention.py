"""Which files of runs are kept by a rule, and which can go: the best and the last of each group. Deletes nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from runfolio.core.errors import InvalidValue
from runfolio.core.numbers import short

#: What is captured with runs is no checkpoint, whatever it is called.
CAPTURED = "runfolio/"
DAY_MS = 86_400_000
#: What checkpoints are usually called.
CHECKPOINTS = "*.ckpt, *.pt, *.pth, *.safetensors, checkpoint-*"
RUN, EXPERIMENT, PARAM = "run", "experiment", "params."
_WORDS = "step", "checkpoint|ckpt", "iter", "epoch"
_STEPS = tuple(re.compile(rf"(?<![a-z])(?:{word})[=_-]?(\d{{1,15}})", re.I) for word in _WORDS)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is to be kept.

    Attributes:
        pattern: which files it is about, as globs between commas; `*` stays within a folder, `**` does not. One without
            a slash fits names in any folder. A folder that fits goes or stays as a whole.
        metric: what says which are the best; "" if nothing does.
        lower: whether less of it is better.
        best, last: so many of each group are kept.
        per: what a group is: `run`, `experiment`, or `params.<key>`, runs of an experiment with the same param.
        days: only what is older goes.
    """

    pattern: str = CHECKPOINTS
    metric: str = ""
    lower: bool = False
    best: int = 1
    last: int = 1
    per: str = RUN
    days: float = 0.0

    def check(self) -> None:
        """Raises InvalidValue if it says nothing."""
        if not self.globs:
            raise InvalidValue("The rule names no files.", "Give a pattern such as *.ckpt.")
        by_param = self.per.startswith(PARAM) and self.per != PARAM
        if self.per not in (RUN, EXPERIMENT) and not by_param:
            raise InvalidValue(f"Files cannot be grouped by {self.per!r}.", "Write run, experiment or params.<key>.")
        if self.best < 0 or self.last < 0 or not self.days >= 0:
            raise InvalidValue("What is kept cannot be less than nothing.")

    @property
    def globs(self) -> tuple[str, ...]:
        """The patterns one by one."""
        return tuple(part.strip() for part in self.pattern.split(",") if part.strip())


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file, or a folder of files, that a rule is about.

    Attributes:
        run: the public id of its run.
        path: its name in it.
        files: the names of the files that it is.
        bytes: of all of them.
        time: when it was logged, in epoch milliseconds.
        group: of which the best and the last are kept.
        value: of the metric, as it was then; None where nobody knows.
        held: why it stays whatever the rule says; "" if it need not.
    """

    run: str
    path: str
    files: tuple[str, ...]
    bytes: int
    time: int
    group: str
    value: float | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would go, and what is kept with the reason."""

    going: tuple[Candidate, ...]
    kept: tuple[tuple[Candidate, str], ...]

    @property
    def bytes(self) -> int:
        """What going gives back."""
        return sum(one.bytes for one in self.going)


def plan(rule: Rule, candidates: Iterable[Candidate], now: int) -> Plan:
    """What of these goes by a rule, at a time in epoch milliseconds. Raises InvalidValue."""
    rule.check()
    groups: dict[str, list[Candidate]] = {}
    for one in candidates:
        groups.setdefault(one.group, []).append(one)
    going: list[Candidate] = []
    kept: list[tuple[Candidate, str]] = []
    for group in groups.values():
        reasons = _reasons(rule, group)
        for one in group:
            reason = one.held or reasons.get(id(one), "") or _youth(rule, one, now)
            if reason:
                kept.append((one, reason))
            else:
                going.append(one)
    return Plan(tuple(going), tuple(kept))


def _reasons(rule: Rule, group: Sequence[Candidate]) -> dict[int, str]:
    """Why some of a group stay: the best ones, and the last ones."""
    latest = sorted(group, key=lambda one: (one.time, one.path), reverse=True)
    found = {id(one): "the last" if rule.last == 1 else f"of the last {rule.last:,}" for one in latest[: rule.last]}
    if not rule.metric or not rule.best:
        return found
    judged = [one for one in latest if one.value is not None and math.isfinite(one.value)]
    if not judged:
        return {id(one): f"no value of {rule.metric}" for one in group}
    judged.sort(key=lambda one: _value(one) if rule.lower else -_value(one))
    for one in judged[: rule.best]:
        found[id(one)] = f"{'the best' if rule.best == 1 else f'of the best {rule.best:,}'}: {short(_value(one))}"
    return found


def _value(one: Candidate) -> float:
    assert one.value is not None
    return one.value


def _youth(rule: Rule, one: Candidate, now: int) -> str:
    if not rule.days or now - one.time >= rule.days * DAY_MS:
        return ""
    return f"newer than {rule.days:g} {'day' if rule.days == 1 else 'days'}"


def unit_of(path: str, globs: Sequence[str]) -> str | None:
    """The file, or the folder that it is in, that one of these patterns fits; None if none does."""
    if path.startswith(CAPTURED):
        return None
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        name = "/".join(parts[:end])
        if any(_compiled(glob).fullmatch(name if "/" in glob else parts[end - 1]) for glob in globs):
            return name
    return None


def steps_in(path: str) -> list[int]:
    """The steps that a name tells, as `epoch=3-step=1200.ckpt` does, the most telling first."""
    return [int(found[-1]) for pattern in _STEPS if (found := pattern.findall(path))]


@cache
def _compiled(glob: str) -> re.Pattern[str]:
    parts = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    pieces = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    return re.compile("".join(parts.get(piece, re.escape(piece)) for piece in pieces))
