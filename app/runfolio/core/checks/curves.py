"""Checks of learning curves. They rather say nothing than something wrong: a trend must stand out from the noise."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from runfolio.core import numbers
from runfolio.core.cell_rules import Tone
from runfolio.core.checks.findings import Facts, Finding
from runfolio.core.checks.naming import (
    AGENT,
    TRAINING,
    counterpart,
    is_held_out,
    is_loss,
    is_score,
    must_fall,
    words,
)
from runfolio.core.checks.shape import TO_SIGMA, Shape, running_median, shape_of
from runfolio.core.curves import Points

#: So many points make a curve, and so many curves of a run are looked at.
CURVE, MOST_CURVES = 5, 12
#: So many points tell a turn, and so many that nothing moves any more.
TURN, STILL = 12, 20
# A value is a spike if it stands out of the noise by so many sigmas, more of them in a longer curve, and is so many
# times as large as its neighbours.
SIGMAS, TIMES = 8.0, 3.0
EPOCHS = frozenset(["epochs", "n_epochs", "num_epochs", "max_epochs", "num_train_epochs", "nb_epochs"])


def final_only(facts: Facts) -> Finding | None:
    """Whether there is a curve to be seen, or only where it ended."""
    metrics = facts.metrics
    if not metrics:
        return None
    longest = max(metrics.values(), key=lambda one: (one.count, is_held_out(one.key), is_loss(one.key)))
    if longest.count >= CURVE:
        return Finding("final_only", Tone.OK, f"learning curve logged {_pace(facts, longest.key)}")
    if longest.count > 1 or facts.children:
        return None
    many = "the metric has" if len(metrics) == 1 else f"each of the {len(metrics)} metrics has"
    return Finding("final_only", Tone.WARN, f"only final values logged: {many} 1 point")


def _pace(facts: Facts, key: str) -> str:
    count = facts.metrics[key].count
    epochs = {facts.run.params.get(name) for name in EPOCHS}
    if str(count) in epochs or "epoch" in words(key):
        return "every epoch"
    gaps = np.diff(facts.read(key, False).steps)
    if len(gaps) and gaps.min() == gaps.max() and gaps[0] > 0 and len(gaps) == count - 1:
        return "every step" if gaps[0] == 1 else f"every {numbers.count(int(gaps[0]))} steps"
    return f"with {numbers.count(count)} points"


def no_validation(facts: Facts) -> Finding | None:
    """Whether anything was measured on held-out data."""
    metrics = facts.metrics
    if any(is_held_out(key) or words(key) & AGENT for key in metrics) or facts.children:
        return None
    trained = [key for key, one in metrics.items() if one.count >= CURVE and (is_loss(key) or words(key) & TRAINING)]
    if not trained:
        return None
    text = f"no metric on held-out data beside {trained[0]}"
    return Finding("no_validation", Tone.WARN, text, trained[0])


def nan(facts: Facts) -> Finding | None:
    """Values that are no finite number, and since when."""
    spoilt = sorted((one for one in facts.metrics.values() if one.non_finite), key=lambda one: not is_loss(one.key))
    if not spoilt:
        return None
    one = spoilt[0]
    points = facts.read(one.key, True)
    odd = np.flatnonzero(~np.isfinite(points.values))
    if not len(odd):
        return None
    step, what = int(points.steps[odd[0]]), numbers.non_finite(float(points.values[odd[0]]))
    others = f", and so {'is' if len(spoilt) == 2 else 'are'} {len(spoilt) - 1} more" if len(spoilt) > 1 else ""
    to_the_end = odd[-1] == len(points) - 1 and len(odd) == len(points) - odd[0]
    if to_the_end:
        text = f"{one.key} is {what} from step {numbers.count(step)} on{others}"
    else:
        some = "1 point" if len(odd) == 1 else f"{numbers.count(len(odd))} points"
        text = f"{one.key} is not finite at {some}, first {what} at step {numbers.count(step)}{others}"
    return Finding("nan", Tone.BAD if to_the_end else Tone.WARN, text, one.key, step)


def unstable(facts: Facts) -> Finding | None:
    """A loss in training that runs away, or that spikes."""
    if any(words(key) & AGENT for key in facts.metrics):
        return None
    keys = _curves(facts, must_fall, TURN)
    spike: Finding | None = None
    for key in keys:
        points = facts.read(key, False)
        found = shape_of(points, lower=True)
        diverged = _divergence(key, found) if found is not None and len(found) >= TURN else None
        if diverged is not None:
            return diverged
        spike = spike or _spikes(key, points)
    return spike


def _divergence(key: str, curve: Shape) -> Finding | None:
    best = curve.best
    low, rise = float(curve.smooth[best]), curve.last - float(curve.smooth[best])
    gained = curve.first - low
    stays = len(curve) - best > curve.end and _rises(curve, best)
    if not stays or rise <= curve.doubt(8) or rise <= 0.1 * abs(low):
        return None
    worse_than_begun = curve.last > curve.first + max(curve.doubt(5), 0.2 * abs(gained), 0.1 * abs(curve.first))
    if not worse_than_begun and rise <= 0.5 * gained:
        return None
    step = int(curve.steps[best])
    text = f"{key} rises from {numbers.short(_digits(low))} to {numbers.short(_digits(curve.last))}"
    where = f" since step {numbers.count(step)}"
    tone = Tone.BAD if worse_than_begun else Tone.WARN
    return Finding("unstable", tone, f"{text}{where}: training diverges", key, step)


def _spikes(key: str, points: Points) -> Finding | None:
    finite = np.isfinite(points.values)
    steps, values = points.steps[finite], points.values[finite]
    first = len(values) // 10
    if len(values) < STILL or values.min() <= 0:
        return None
    logs = np.log(values)
    above = logs - running_median(logs, 9)
    sigma = TO_SIGMA * float(np.median(np.abs(above)))
    out = np.flatnonzero(above > max((SIGMAS + np.log(len(values))) * sigma, np.log(TIMES)))
    # A value that the curve had on its way down is none.
    out = out[(out >= first) & (values[out] > 0.1 * (values[: max(first, 1)].max() - values.min()))]
    if not len(out):
        return None
    worst = int(out[np.argmax(above[out])])
    step, before = int(steps[worst]), float(np.exp(logs[worst] - above[worst]))
    height = f"{numbers.short(_digits(before))} → {numbers.short(_digits(values[worst]))}"
    times = "spikes" if len(out) == 1 else f"has {numbers.count(len(out))} spikes, the highest"
    return Finding("unstable", Tone.WARN, f"{key} {times} at step {numbers.count(step)} ({height})", key, step)


def overfit(facts: Facts) -> Finding | None:
    """A held-out metric that gets worse while the training gets better."""
    for key in _curves(facts, lambda one: is_held_out(one) and (is_loss(one) or is_score(one)), TURN):
        other = counterpart(key, facts.metrics) or next(iter(_curves(facts, must_fall, TURN)), None)
        if other is None or facts.metrics[other].count < TURN:
            continue
        held_out, training = (shape_of(facts.read(one, False), is_loss(one)) for one in (key, other))
        if held_out is not None and training is not None and _turns(held_out, training, is_loss(key)):
            step = int(held_out.steps[held_out.best])
            ways = ("rising", "falling") if is_loss(key) else ("falling", "falling" if is_loss(other) else "rising")
            still = {"rising": "rises", "falling": "falls"}[ways[1]]
            text = f"{key} {ways[0]} since step {numbers.count(step)} while {other} {still}: possible overfit"
            return Finding("overfit", Tone.WARN, text, key, step)
    return None


def _turns(held_out: Shape, training: Shape, loss: bool) -> bool:
    best = held_out.best
    low = float(held_out.smooth[best])
    rise, gained = held_out.last - low, held_out.first - low
    enough = max(held_out.doubt(6), 0.05 * (abs(low) if loss else gained))
    if rise <= enough or len(held_out) - best <= held_out.end or not _rises(held_out, best):
        return False
    falls = training.at(held_out.steps[best]) - training.last
    return falls > max(training.doubt(2), 0.01 * (training.first - training.last))


def _rises(curve: Shape, best: int) -> bool:
    """Whether it goes up from a place on, and not up and down."""
    rest = curve.smooth[best:]
    if len(rest) < 4 or np.ptp(rest) == 0:
        return False
    place = np.arange(len(rest))
    rank = np.argsort(np.argsort(rest, kind="stable"), kind="stable")
    return bool(np.corrcoef(place, rank)[0, 1] > 0.75)


def plateau(facts: Facts) -> Finding | None:
    """A metric that has not got better for the second half of the training, or longer."""
    keys = _curves(facts, lambda one: is_loss(one) or is_score(one), STILL)
    if not keys:
        return None
    key = keys[0]
    curve = shape_of(facts.read(key, False), is_loss(key))
    if curve is None or len(curve) < STILL:
        return None
    since = _still_since(curve)
    if since is None:
        return None
    step = int(curve.steps[since])
    value = curve.last if is_loss(key) else -curve.last
    text = f"{key} has not improved since step {numbers.count(step)} ({numbers.short(_digits(value))})"
    return Finding("plateau", Tone.WARN, text, key, step)


def _still_since(curve: Shape) -> int | None:
    low = float(curve.smooth.min())
    gained = curve.first - low
    if gained <= 8 * curve.noise or gained <= 0:
        return None
    since = int(np.flatnonzero(curve.smooth <= low + 0.02 * gained)[0])
    span = curve.steps[-1] - curve.steps[0]
    if span <= 0 or curve.steps[-1] - curve.steps[since] < 0.5 * span or len(curve) - since < STILL // 2:
        return None
    tail = curve.values[since:]
    part = max(len(tail) // 3, 3)
    better = float(np.median(tail[:part]) - np.median(tail[-part:]))
    doubt = 2 * 1.25 * curve.noise * float(np.sqrt(2 / part))
    # Neither on its way down nor, which is another matter, up again; and not so noisy that nobody can say.
    return since if abs(better) + doubt < 0.04 * gained else None


def _curves(facts: Facts, wanted: Callable[[str], bool], least: int) -> list[str]:
    """The metrics of a kind with so many points, held-out scores first."""
    found = [key for key, one in facts.metrics.items() if one.count >= least and wanted(key)]
    return sorted(found, key=lambda key: (not is_held_out(key), is_score(key), key))[:MOST_CURVES]


def _digits(value: float) -> float:
    return float(f"{value:.3g}")
