"""A sweep as YAML that people write.

    metric: val_loss
    goal: minimize
    method: tpe                                # grid, random, lhs or tpe
    trials: 50
    parallel: 2
    space:
      lr: {low: 1e-5, high: 1e-1, log: true}
      layers: {low: 1, high: 4, whole: true}
      optimizer: [adam, sgd]
    fixed: {epochs: 10}
    stop: {target: 0.01, patience: 20, seconds: 3600, failures: 5}
    pruning: {method: median, warmup_steps: 5, warmup_trials: 5}

Reading is strict: what is not known is a slip, and a sweep runs for a long time before anybody would see that.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

import yaml

from runfolio.core import rules, yaml_text
from runfolio.core.errors import InvalidValue
from runfolio.core.projects.reading import Fault, shown
from runfolio.core.sweeps import checks
from runfolio.core.sweeps.falling_behind import METHODS as PRUNING_METHODS
from runfolio.core.sweeps.judging import MAXIMIZE, MINIMIZE
from runfolio.core.sweeps.reading import Reader
from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep

KEYS = (
    "metric", "goal", "take", "method", "trials", "parallel", "seed", "space", "fixed", "stop", "pruning",
)  # fmt: skip
RANGE = ("low", "high", "log", "step", "whole", "points")
STOP = ("target", "patience", "seconds", "failures")
PRUNING = ("method", "warmup_steps", "warmup_trials", "percentile")
LAST, BEST = "last", "best"
#: Slips, if more; and more than a file of somebody has, so that little can be made of it that is endless.
MOST_TRIALS, MOST_PARALLEL, MOST_SEED = 1_000_000, 10_000, 2**31 - 1
DEEPEST, MOST = 20, 50_000
_TAB = re.compile(r"^ *\t", re.MULTILINE)


class SweepError(InvalidValue):
    """A sweep that cannot be run as it is specified.

    Attributes:
        faults: all that is wrong, in the order of the lines.
    """

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults))
        listed = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{file} cannot be used:\n{listed}")


def read_sweep(text: str, file: str = "sweep.yaml") -> Sweep:
    """Read a sweep.

    Args:
        file: how messages call the text.

    Raises:
        SweepError: it is no YAML, or something in it breaks a rule; the message tells all of that.
    """
    if rules.text(text) != text:
        raise SweepError(file, (Fault(0, "It is a text that UTF-8 can hold."),))
    try:
        root = yaml_text.compose(text, deepest=DEEPEST, most=MOST)
    except yaml_text.NotYaml as problem:
        reason = str(problem).replace('"<unicode string>", ', "")
        hint = " YAML is indented with blanks, not with tabs." if _TAB.search(text) else ""
        raise SweepError(file, (Fault(0, f"It cannot be read: {reason}.{hint}"),)) from problem
    reader = Reader()
    found = _sweep(reader, root)
    if found is None or reader.faults:
        raise SweepError(file, reader.faults)
    return found


def _sweep(reader: Reader, root: yaml.Node | None) -> Sweep | None:
    if root is None:
        reader.nowhere("It is empty: a sweep has a metric and a space, at least.")
        return None
    given = reader.values(root, "a sweep", KEYS)
    for key, example in (("metric", "metric: val_loss"), ("space", "space: {lr: [0.1, 0.01]}")):
        if key not in given and isinstance(root, yaml.MappingNode):
            reader.wrong(root, f"The key {key} is missing, as in {example}.")
    method = Method(_choice(reader, given, "method", tuple(Method), Method.RANDOM))
    found = Sweep(
        space=_space(reader, given["space"]) if "space" in given else (),
        metric=(reader.key(given["metric"], "metric") if "metric" in given else None) or "",
        goal=_choice(reader, given, "goal", (MINIMIZE, MAXIMIZE), MINIMIZE),
        method=method,
        trials=_whole(reader, given, "trials", 0 if method is Method.GRID else 20, 0, MOST_TRIALS),
        parallel=_whole(reader, given, "parallel", 2, 1, MOST_PARALLEL),
        seed=_whole(reader, given, "seed", 0, 0, MOST_SEED),
        take=_choice(reader, given, "take", (LAST, BEST), LAST),
        fixed=_fixed(reader, given["fixed"]) if "fixed" in given else {},
        stop=_stop(reader, given["stop"]) if "stop" in given else StopRules(),
        pruning=_pruning(reader, given["pruning"]) if "pruning" in given else Pruning(),
    )
    if not reader.faults:
        _check(reader, found, given)
    return found


def _check(reader: Reader, sweep: Sweep, given: dict[str, yaml.Node]) -> None:
    """What of a sweep does not go together, at the line of what it is about."""
    keys = {f"space.{name}": entry.key for name, entry in reader.mapping(given["space"], "space").items()}
    for place, text in checks.faults(sweep):
        node = given.get(place) or keys.get(place)
        if node is None:
            reader.nowhere(text)
        else:
            reader.wrong(node, text)


def _choice(reader: Reader, given: dict[str, yaml.Node], key: str, choices: tuple[str, ...], default: str) -> str:
    return (reader.choice(given[key], key, choices) if key in given else None) or default


def _whole(reader: Reader, given: dict[str, yaml.Node], key: str, default: int, least: int, most: int) -> int:
    found = reader.whole(given[key], key, least, most) if key in given else None
    return default if found is None else found


def _number(
    reader: Reader, given: dict[str, yaml.Node], key: str, default: float, least: float = -math.inf, of: str = ""
) -> float:
    found = reader.number(given[key], f"{of}{key}", least) if key in given else None
    return default if found is None else found


def _space(reader: Reader, part: yaml.Node) -> tuple[Dimension, ...]:
    found = []
    for name, value in reader.values(part, "space").items():
        if isinstance(value, yaml.SequenceNode):
            found.append(Dimension(name, reader.texts(value, name)))
        elif isinstance(value, yaml.MappingNode):
            found.append(_range(reader, name, value))
        else:
            example = "{low: 1e-5, high: 1e-1, log: true}"
            reader.wrong(value, f"{name} is a list of values or a range such as {example}, not {shown(value)}.")
    return tuple(found)


def _range(reader: Reader, name: str, part: yaml.Node) -> Dimension:
    given = reader.values(part, name, RANGE)
    missing = [key for key in ("low", "high") if key not in given]
    if missing:
        reader.wrong(part, f"{name} has no {' and no '.join(missing)}.")
    of = f"{name}."
    flags = {key: reader.flag(given[key], f"{of}{key}") for key in ("log", "whole") if key in given}
    return Dimension(
        name,
        low=_number(reader, given, "low", 0.0, of=of),
        high=_number(reader, given, "high", 0.0, of=of),
        log=bool(flags.get("log")),
        step=_number(reader, given, "step", 0.0, of=of) if "step" in given else None,
        whole=bool(flags.get("whole")),
        points=_whole(reader, given, "points", 0, 1, checks.MOST_POINTS),
    )


def _fixed(reader: Reader, part: yaml.Node) -> dict[str, str]:
    found = {name: reader.text(value, name, blank=True) for name, value in reader.values(part, "fixed").items()}
    return {name: value for name, value in found.items() if value is not None}


def _stop(reader: Reader, part: yaml.Node) -> StopRules:
    given = reader.values(part, "stop", STOP)
    return StopRules(
        seconds=_number(reader, given, "seconds", 0.0, 0.0),
        target=reader.number(given["target"], "target") if "target" in given else None,
        patience=_whole(reader, given, "patience", 0, 0, MOST_TRIALS),
        failures=_whole(reader, given, "failures", 0, 0, MOST_TRIALS),
    )


def _pruning(reader: Reader, part: yaml.Node) -> Pruning:
    given = reader.values(part, "pruning", PRUNING)
    if "method" not in given and isinstance(part, yaml.MappingNode):
        reader.wrong(part, f"The key method is missing: one of {', '.join(PRUNING_METHODS)}.")
    return Pruning(
        method=_choice(reader, given, "method", PRUNING_METHODS, ""),
        warmup_steps=_whole(reader, given, "warmup_steps", Pruning().warmup_steps, 0, MOST_TRIALS),
        warmup_trials=_whole(reader, given, "warmup_trials", Pruning().warmup_trials, 0, MOST_TRIALS),
        percentile=_number(reader, given, "percentile", Pruning().percentile),
    )
