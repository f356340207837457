"""The lines that `runfolio log stdin` takes: words, or one JSON object a line.

    metric loss 0.25 3          a point of a metric, at a step (0 if not given)
    param lr 0.001              the rest of the line is the value
    tag note first try
    {"metrics": {"loss": 0.25, "acc": 0.9}, "step": 3, "timestamp": 1700000000000}
    {"params": {"lr": 0.001}, "tags": {"note": "first try"}}

Empty lines, and those that begin with #, are passed over. The text is UTF-8.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO

from runfolio.core import rules
from runfolio.core.errors import InvalidValue, UserError

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun

FIELDS = {"metrics", "params", "tags", "step", "timestamp"}
#: Bytes; whoever has more to say in one line should log a file.
LONGEST = 16 << 20
KINDS = "metric KEY VALUE [STEP], param KEY VALUE, tag KEY VALUE, or a JSON object"


@dataclass
class Taken:
    """How many lines were logged, and how many could not be."""

    logged: int = 0
    refused: int = 0


def take_lines(run: ActiveRun, source: BinaryIO, tell: Callable[[str], None]) -> Taken:
    """Log all lines there are; what is wrong with one is told with its number, and the others go on."""
    taken = Taken()
    for number, line in enumerate(_lines(source), start=1):
        try:
            taken.logged += take_line(run, _text(line))
        except UserError as error:
            taken.refused += 1
            tell(f"line {number}: {error}")
    return taken


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """The lines, each as soon as it is there; of one that is too long, its beginning."""
    while line := source.readline(LONGEST):
        rest = line
        while len(rest) == LONGEST and not rest.endswith(b"\n"):
            rest = source.readline(LONGEST)
        yield line


def _text(line: bytes) -> str:
    if len(line) == LONGEST:
        raise InvalidValue(f"The line is longer than {LONGEST:,} bytes.")
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidValue("The line is not UTF-8.") from error


def take_line(run: ActiveRun, line: str) -> bool:
    """Log what a line says; False if it says nothing. Raises InvalidValue, and logs nothing, if it cannot be read."""
    line = line.strip()
    if not line or line.startswith("#"):
        return False
    if line.startswith("{"):
        _take_object(run, line)
    else:
        _take_words(run, line)
    return True


def _take_words(run: ActiveRun, line: str) -> None:
    words = line.split(maxsplit=2)
    if len(words) < 3 or words[0] not in ("metric", "param", "tag"):
        raise InvalidValue(f"{line!r:.80} cannot be read.", f"A line is {KINDS}.")
    kind, key, value = words
    if kind == "param":
        run.log_params({key: value})
    elif kind == "tag":
        run.set_tags({key: value})
    else:
        number, *step = value.split(maxsplit=1)
        run.log_metric(key, rules.metric_value(key, number), _step(*step))


def _take_object(run: ActiveRun, line: str) -> None:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InvalidValue(f"This is not JSON: {error}.") from error
    unknown = sorted(given.keys() - FIELDS)
    if unknown:
        raise InvalidValue(f"There is no field {unknown[0]!r}.", f"The fields are {', '.join(sorted(FIELDS))}.")
    parts: dict[str, Any] = {name: rules.mapping(given.get(name, {}), name) for name in ("params", "tags", "metrics")}
    # All is checked before any of it is logged; what a param was before is known to the run alone.
    for kind in ("param", "tag"):
        for key in parts[f"{kind}s"]:
            rules.key(key, kind)
    for key, value in parts["metrics"].items():
        rules.metric_value(rules.key(key, "metric"), value)
    step, timestamp = rules.step(given.get("step")), given.get("timestamp")
    if timestamp is not None:
        rules.timestamp(timestamp)
    if parts["params"]:
        run.log_params(parts["params"])
    if parts["tags"]:
        run.set_tags(parts["tags"])
    if parts["metrics"]:
        run.log_metrics(parts["metrics"], step, timestamp)


def _step(text: str = "0") -> int:
    try:
        return rules.step(int(text))
    except ValueError as error:
        raise InvalidValue(f"A step must be a whole number, not {text!r:.60}.") from error
