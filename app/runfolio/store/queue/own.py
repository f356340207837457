"""Which jobs this person has put into a queue: each bears a mark that only they can make.

A store may come from somebody else, with jobs in its queue that run what they like. Nothing of that is run by itself,
nor ended: putting such a job into the queue once more, as one's own, is left to who has looked at it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.queue.records import Job
from runfolio.core.settings import settings_file

NAME = "queue.key"
BYTES = 32
FOREIGN = "Somebody else has put it here: it is not run by itself. Look at it; Run Again makes it yours."


def mark_of(kind: str, request: Mapping[str, Any]) -> str:
    """The mark of a job, whatever it needs of the machine, which may be chosen later.

    Raises:
        EnvironmentProblem: the key that it is made with cannot be kept.
    """
    return _mark(_key(_made()), kind, request)


def is_own(job: Job) -> bool:
    """Whether this person has put a job into the queue."""
    file = _file()
    if not job.mark or not isinstance(job.request, Mapping) or not file.is_file():
        return False
    return hmac.compare_digest(_mark(_key(file), job.kind, job.request), job.mark)


def _mark(key: bytes, kind: str, request: Mapping[str, Any]) -> str:
    told = json.dumps([str(kind), _without_needs(request)], sort_keys=True)
    return hmac.new(key, told.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _without_needs(request: Mapping[str, Any]) -> dict[str, Any]:
    left = {name: value for name, value in request.items() if name != "needs"}
    if isinstance(run := left.get("run"), Mapping):
        left["run"] = _without_needs(run)
    return left


def _file() -> Path:
    return settings_file().with_name(NAME)


def _made() -> Path:
    """The file of the key, made if it is not there; by one of several processes that come for it at once."""
    file = _file()
    if file.is_file():
        return file
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(f"{NAME}.{secrets.token_hex(8)}")
        opened = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.write(opened, secrets.token_bytes(BYTES))
        finally:
            os.close(opened)
        try:
            os.link(part, file)  # whole or not at all, and never over another one
        except FileExistsError:
            pass
        finally:
            part.unlink()
    except OSError as problem:
        told = f"The key by which jobs are known for yours cannot be kept in {file.parent}: {problem.strerror}."
        raise EnvironmentProblem(
            told, "Make that folder writable, or choose another with RUNFOLIO_CONFIG."
        ) from problem
    return file


def _key(file: Path) -> bytes:
    return _read(file, file.stat().st_mtime_ns)


@lru_cache(8)
def _read(file: Path, _changed: int) -> bytes:
    return file.read_bytes()
