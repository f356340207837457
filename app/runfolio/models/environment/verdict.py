"""What came of trying a model in its own environment, and where that is kept for those who ask later.

A model in a folder has it in a file beside its MLmodel file. The files of a model that was logged stay as they are:
what is known of it is a tag of its run, by the path of the model. Either has the digest of the model's files, so that
a verdict is not taken for that of a model that was changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.models.safety.hashing import CHECKED, fingerprint
from runfolio.models.uris import run_of

FILE = CHECKED
TAG = "runfolio.modelCheck."
PASSED, FAILED, DIFFERS = "passed", "failed", "differs"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
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
    stage: str
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
    def from_json(cls, text: str) -> Verdict:
        """The verdict of a JSON text. Raises InvalidValue."""
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict) or told.get("result") not in (PASSED, FAILED, DIFFERS):
            raise InvalidValue(f"This is no verdict on a model: {text[:60]!r}.")
        known = {one.name for one in fields(cls)}
        lists = {name: tuple(map(str, told.get(name) or ())) for name in ("packages", "libraries")}
        return cls(**{"stage": "", **{name: value for name, value in told.items() if name in known}, **lists})


def keep(uri: str, folder: Path, verdict: Verdict) -> str:
    """Keep a verdict; where, in words. Raises StoreError, OSError."""
    run = run_of(uri)
    if run is None:
        (folder / FILE).write_text(verdict.to_json(), encoding="utf-8")
        return str(folder / FILE)
    from runfolio.client.client import Client

    Client().set_tag(run[0], TAG + run[1], verdict.to_json())
    return f"tag {TAG}{run[1]} of run {run[0]}"


def kept(uri: str, folder: Path) -> Verdict | None:
    """The verdict on a model as it is now; None if there is none, or the model was changed since."""
    run = run_of(uri)
    if run is not None:
        from runfolio.client.client import Client

        text: Any = Client().get_run(run[0]).data.tags.get(TAG + run[1])
    else:
        text = (folder / FILE).read_text(encoding="utf-8") if (folder / FILE).is_file() else None
    if text is None:
        return None
    found = Verdict.from_json(text)
    return found if found.digest == fingerprint(folder) else None
