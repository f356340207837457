"""All files about the environment of a model that is being saved: as declared, and as it was seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from runfolio.core.environment import is_on
from runfolio.models.environment.files import REQUIREMENTS, Declared, write_environment
from runfolio.models.environment.recording import LOCK, OUTPUT, Recorded, lock, packages_of, record, requirements
from runfolio.models.environment.requirements import united
from runfolio.models.json_data import json_text

_recording: ContextVar[bool] = ContextVar("recording", default=True)


@contextmanager
def unrecorded() -> Iterator[None]:
    """Save models, in this thread, without loading them in a process of its own."""
    mark = _recording.set(False)
    try:
        yield
    finally:
        _recording.reset(mark)


def write_all(folder: Path, declared: Declared, needed: list[str], *, callable_: bool) -> None:
    """Write the environment's files, the lock, and the output for the input example into a model's folder.

    The model is loaded in a process of its own for that, where it can be called and its requirements were not given;
    `RUNFOLIO_INFER_REQUIREMENTS=0` spares that, and leaves out what only that can tell.

    Args:
        needed: what its library needs.

    Raises:
        InvalidValue, NotFound: what the user gave cannot be read.
    """
    seen: Recorded | None = None
    given = declared.pip_requirements is not None or declared.conda_env is not None
    if callable_ and not given and _recording.get() and is_on("INFER_REQUIREMENTS"):
        seen = record(folder)
    write_environment(folder, declared, needed if seen is None else united(requirements(seen), needed))
    required = packages_of((folder / REQUIREMENTS).read_text(encoding="utf-8").splitlines())
    text = lock(required, () if seen is None else seen.loaded)
    (folder / LOCK).write_text(text, encoding="utf-8")
    if seen is not None and seen.output is not None:
        (folder / OUTPUT).write_text(json_text(seen.output), encoding="utf-8")
