"""What came of trying a model in its own environment, as it is written and read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.core.system_tags import MODEL_CHECK

#: The tag of a run with what came of it, but for the path of the model in the run.
TAG = f"{MODEL_CHECK}."
PASSED, FAILED, DIFFERS = "passed", "failed", "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """How a model fared.

    Attributes:
        result: `passed`, `differs` if its output is not the stored one, or `failed`.
        stage: what it came to: `environment`, `load`, `predict`, `output`, `compare` or `done`.
        reason, hint: what is wrong and what to do, in sentences; empty if nothing is.
        packages: undeclared packages. libraries: missing libraries of the system.
        compared: whether there was a stored output to compare with.
        python, loader, builder: the Python, what loaded the model, and what made the environment.
        seconds: how long it took, by stage; the environment's is 0 if it was there.
        digest: of the model's files. time: when, in epoch milliseconds.
    """

    result: str
    stage: str = ""
    reason: str = ""
    hint: str = ""
    packages: tuple[str, ...] = ()
    libraries: tuple[str, ...] = ()
    compared: bool = False
    python: str = ""
    loader: str = ""
    builder: str = ""
    seconds: Mapping[str, float] | None = None
    digest: str = ""
    time: int = 0

    @property
    def passed(self) -> bool:
        """Whether the model works as it did."""
        return self.result == PASSED

    def to_json(self) -> str:
        """As a JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> CheckResult:
        """The result that a JSON text tells, which anybody may have written. Raises InvalidValue."""
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict) or told.get("result") not in (PASSED, FAILED, DIFFERS):
            raise InvalidValue(f"This does not tell how a model fared: {text[:60]!r}.")
        given = {one.name: told[one.name] for one in fields(cls) if one.name in told}
        if wrong := [name for name, value in given.items() if not _fits(name, value)]:
            raise InvalidValue(f"What tells how a model fared has a {wrong[0]} that is none: {given[wrong[0]]!r:.60}.")
        lists = {name: tuple(given.get(name) or ()) for name in ("packages", "libraries")}
        return cls(**{**given, **lists})


def _fits(name: str, value: Any) -> bool:
    """Whether a value read from JSON is of the attribute's type."""
    if name in ("packages", "libraries"):
        return value is None or (isinstance(value, list) and all(isinstance(one, str) for one in value))
    if name == "seconds":
        return value is None or isinstance(value, dict)
    if name == "time":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, bool if name == "compared" else str)
