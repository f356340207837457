"""What stands in a cell of the run table: its text, its full text and its side of the column."""

from __future__ import annotations

import math

from runfolio.core import numbers
from runfolio.core.checks import Verdict
from runfolio.core.columns import Column, Kind, Missing, Source, is_trend
from runfolio.core.numbers import NumberFormat, Written
from runfolio.core.states import RunStatus
from runfolio.store.table import Row

STATUS_SHAPES = {
    RunStatus.SCHEDULED: "◌",
    RunStatus.RUNNING: "●",
    RunStatus.FINISHED: "✓",
    RunStatus.FAILED: "✕",
    RunStatus.KILLED: "■",
}
MOST_TEXT = 200
#: What a cell without a value is called; a value may be "none" or "None".
NOT_SET = "not set"


def right_aligned(column: Column) -> bool:
    """Numbers and durations stand on the right, so that their digits stand under each other."""
    return column.kind in (Kind.NUMBER, Kind.DURATION) and not is_trend(column)


def text(column: Column, value: object, form: NumberFormat, now: int) -> str:
    """The value as the cell shows it; `now` in epoch milliseconds. Empty when there is none."""
    if value is None or isinstance(value, Missing):
        return ""
    if isinstance(value, Verdict):
        return value.text
    if isinstance(value, RunStatus) or column.kind is Kind.STATUS:
        return status_text(RunStatus(str(value)))
    if isinstance(value, (str, Written)):
        return _text(column, value if isinstance(value, str) else value.text)
    return _number(column, float(str(value)) if not isinstance(value, (int, float)) else value, form, now)


def _text(column: Column, text: str) -> str:
    shown = one_line(text)
    return numbers.setting(shown) if column.source is Source.PARAM else shown


def one_line(text: str) -> str:
    """The beginning of a text that may have many lines."""
    return " ".join(text[:MOST_TEXT].split())


def _number(column: Column, value: float, form: NumberFormat, now: int) -> str:
    if column.kind is Kind.TIME:
        return numbers.age(int(value), now)
    if column.kind is Kind.DURATION:
        return numbers.duration(int(value))
    return form.text(value) if column.source in (Source.METRIC, Source.FORMULA) else numbers.short(value)


def status_text(status: RunStatus) -> str:
    """A status with its shape, so that colour is never the only sign: `✓ finished`."""
    return f"{STATUS_SHAPES[status]} {status.lower()}"


def full_text(column: Column, value: object) -> str:
    """The value without any loss, for tool tips and the clipboard."""
    if value is None or isinstance(value, Missing):
        return ""
    if isinstance(value, Verdict):
        return value.names
    if isinstance(value, Written):
        return value.text
    if column.kind is Kind.TIME and isinstance(value, (int, float)):
        return numbers.full_time(int(value))
    if column.kind is Kind.DURATION and isinstance(value, (int, float)):
        return f"{value / 1000:.3f} s"
    return numbers.exact(value) if isinstance(value, (int, float)) else str(value)


def told(column: Column, value: object) -> str:
    """What a cell's tool tip says: the full value, or why there is none."""
    if isinstance(value, Missing):
        return value.reason
    return value.sentences if isinstance(value, Verdict) else full_text(column, value)


def spoken(value: object, text: str) -> str:
    """What a cell is for the ear, given its value and what is seen of it."""
    if isinstance(value, Written):
        return value.text
    if isinstance(value, Missing):
        return f"no value, {value.reason}".rstrip(".")
    return text or (NOT_SET if value is None else "blank")


def editable(value: object) -> object:
    """The value as it is edited: as it was written; None where there is none."""
    if isinstance(value, Written):
        return value.text
    return value if isinstance(value, (str, int, float)) else None


def fraction(value: object, limits: tuple[float, float] | None) -> float | None:
    """How far along its column's range a value lies, 0 to 1; None where a bar would say nothing."""
    if not isinstance(value, (int, float)) or limits is None or not math.isfinite(value):
        return None
    low, high = limits
    if not math.isfinite(high - low) or high <= low:
        return None
    return min(max((value - low) / (high - low), 0.0), 1.0)


def live_duration(row: Row, now: int) -> int | None:
    """The time a running run has been going; None for one that has ended, whose duration is known."""
    return max(now - row.start_time, 0) if row.status is RunStatus.RUNNING else None
