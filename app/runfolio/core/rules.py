"""The rules for what may be logged. Each check returns the value to store or raises InvalidValue naming the rule.

The rules are MLflow's (`mlflow/utils/validation.py`), so that what is accepted here is accepted there.
"""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.core.states import RunStatus, ViewType

MAX_KEY_LENGTH = 250
MAX_NAME_LENGTH = 500
# No number is written with more characters than this; a longer text is none, and is not looked at.
MAX_NUMBER_LENGTH = 400
ALLOWED = re.compile(r"[/\w.\- :]+\Z")
# The last millisecond of the year 9999, the last that calendars of most programs know.
LAST_TIME = 253_402_300_799_999
# A number of 64 bits has no more digits; of thousands, Python makes no number at all.
MAX_ID_LENGTH = 19
MIN_INT64, MAX_INT64 = -(2**63), 2**63 - 1


def key(name: Any, what: str = "key") -> str:
    """The key of a metric, param or tag: 1 to 250 of letters, digits, `_ - . : /` and blanks; a normal path."""
    if not isinstance(name, str):
        raise InvalidValue(f"A {what} must be a string, not {type(name).__name__}: {name!r}.")
    return _key(name, what)


@lru_cache(maxsize=4096)  # a script uses the same few again and again
def _key(name: str, what: str) -> str:
    if not name or len(name) > MAX_KEY_LENGTH:
        raise InvalidValue(f"A {what} must have 1 to {MAX_KEY_LENGTH} characters; {name[:40]!r} has {len(name)}.")
    if not ALLOWED.match(name):
        raise InvalidValue(f"The {what} {name!r} is not allowed: only letters, digits, blanks and _ - . : / are.")
    if posixpath.normpath(name) != name or name == "." or name.startswith(("/", "..")):
        raise InvalidValue(f"The {what} {name!r} is not allowed: as a path it must be in its shortest relative form.")
    return name


def mapping(value: Any, what: str) -> Mapping[Any, Any]:
    """Names and values, as a dictionary holds them."""
    if not isinstance(value, Mapping):
        raise InvalidValue(f"The {what} must be a dictionary, not {type(value).__name__}.")
    return value


def experiment_name(name: Any) -> str:
    """The name of an experiment: a string that is not blank, up to 500 characters, without empty folder names."""
    if not isinstance(name, str) or not name.strip():
        raise InvalidValue(f"An experiment needs a name that is not blank, not {name!r}.")
    if len(name) > MAX_NAME_LENGTH:
        raise InvalidValue(f"An experiment's name has at most {MAX_NAME_LENGTH} characters; this one has {len(name)}.")
    if text(name) != name:
        raise InvalidValue(f"The experiment name {name!r} is not allowed: UTF-8 cannot hold it.")
    if any(not part.strip() for part in name.split("/")):
        raise InvalidValue(f"The experiment name {name!r} is not allowed: a folder in it has no name.")
    return name


def experiment_id(value: Any) -> int:
    """An experiment's id, which MLflow's functions take and give as text, as the store's number."""
    if not str(value).isdecimal() or len(str(value)) > MAX_ID_LENGTH or int(value) > MAX_INT64:
        raise InvalidValue(f"An experiment's id is a number, not {shorten(value)}.", "Names go to set_experiment.")
    return int(value)


def metric_value(name: str, value: Any) -> float:
    """A metric's value as a float; NaN and infinities are values like others. Numeric strings count, as in MLflow."""
    try:
        return float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidValue(
            f"The metric {name!r} must be a number that a float can hold, not {type(value).__name__}: {shorten(value)}."
        ) from error


def step(value: Any) -> int:
    """A step: a whole number of 64 bits; None is 0."""
    if value is None:
        return 0
    try:
        number = int(value)
        whole = number == value
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidValue(f"A step must be a whole number, not {shorten(value)}.") from error
    if not whole or not MIN_INT64 <= number <= MAX_INT64:
        raise InvalidValue(f"A step must be a whole number of 64 bits, not {shorten(value)}.")
    return number


def timestamp(value: Any) -> int:
    """A time in epoch milliseconds, from 1970 to the year 9999; fractions, as of `time.time() * 1000`, are cut off."""
    try:
        number = int(value)
        known = 0 <= value - number < 1
    except (TypeError, ValueError, OverflowError):
        known, number = False, -1
    if not known:
        raise InvalidValue(f"A timestamp is a number of milliseconds since 1970, not {shorten(value)}.")
    if not 0 <= number <= LAST_TIME:
        raise InvalidValue(f"A timestamp is in milliseconds, not negative and before the year 10000, not {number}.")
    return number


def param_value(name: str, value: Any) -> str:
    """A param's value as text of any length, as `str` writes it: also `nan` and `inf`, which are settings of some."""
    return text(value, f"param {name!r}")


def param_number(value: str | None) -> float | None:
    """A param's value as a finite number, if it is one: numbers are sorted as such."""
    if value is None or len(value) > MAX_NUMBER_LENGTH:
        return None
    try:
        result = float(value)
    except ValueError:
        return None
    return result if math.isfinite(result) else None


def exact_number(value: str) -> float | None:
    """A param's value as the number that is written, be it no finite one; a whole one as an int, of any size."""
    if len(value) > MAX_NUMBER_LENGTH:
        return None
    for kind in (int, float):
        with suppress(ValueError):
            return kind(value)
    return None


def tag_value(value: Any) -> str:
    """A tag's value as text of any length."""
    return text(value)


def tags(given: Any) -> dict[str, str]:
    """Tags as they are stored."""
    return {key(name, "tag"): tag_value(value) for name, value in mapping(given, "tags").items()}


def text(value: Any, what: str = "value") -> str:
    """Anything as text that UTF-8 can hold: what of a file name's bytes was no text is written as escapes."""
    try:
        return str(value).encode(errors="backslashreplace").decode()
    except ValueError as error:  # Python writes no whole number of more than some thousand digits
        raise InvalidValue(f"The {what} cannot be written as text: {error}.") from error


def run_name(name: Any) -> str:
    """A run's name: a string that is not blank."""
    if not isinstance(name, str) or not name.strip():
        raise InvalidValue(f"A run needs a name that is not blank, not {shorten(name)}.")
    return text(name)


def run_id(value: Any) -> str:
    """A run's public id."""
    if not isinstance(value, str) or text(value) != value:
        raise InvalidValue(f"A run's id is a text, not {shorten(value)}.")
    return value


def run_status(value: Any) -> RunStatus:
    """A run's status by its name."""
    if value not in RunStatus.__members__:
        raise InvalidValue(f"{value!r} is not a status of a run.", f"Use one of {', '.join(RunStatus)}.")
    return RunStatus(value)


def view(value: Any) -> ViewType:
    """Which of runs or experiments are meant: those in use, in the trash, or all."""
    try:
        return ViewType(value)
    except ValueError as error:
        choices = ", ".join(f"{one.name} ({one.value})" for one in ViewType)
        raise InvalidValue(f"{shorten(value)} is not a view.", f"Use one of {choices}.") from error


def listed(value: Any, what: str) -> list[Any]:
    """Several of something: a list or another collection, not a text."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise InvalidValue(f"The {what} must be a list, not {type(value).__name__}: {shorten(value)}.")
    return list(value)


def shorten(value: Any) -> str:
    """A value as Python writes it, cut to 60 characters: for a message."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
