"""Environments of projects whose versions uv has fixed in a `uv.lock`."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

from runfolio.core.errors import InvalidValue, NotBuilt
from runfolio.environments.building import Builder, described
from runfolio.environments.failures import failing
from runfolio.environments.recipe import key_of
from runfolio.environments.requirements import read_text
from runfolio.projects.environments.managers import PROJECT_FILE, UV_LOCK


def sync_key(folder: Path) -> str:
    """Equal for projects of the same lock; a project that is a package itself is linked to, and has a key of its own.

    Raises:
        InvalidValue: pyproject.toml cannot be read.
    """
    texts = [read_text(folder / name) for name in (UV_LOCK, PROJECT_FILE)]
    try:
        told = tomllib.loads(texts[1])
    except tomllib.TOMLDecodeError as problem:
        raise InvalidValue(f"{PROJECT_FILE} cannot be read: {problem}.") from problem
    version = folder / ".python-version"
    texts.append(read_text(version) if version.is_file() else "")
    linked = str(folder.resolve()) if "build-system" in told or "workspace" in texts[1] else ""
    return key_of("uv sync", hashlib.sha256("\0".join(texts).encode()).hexdigest(), linked)


def sync(folder: Path, target: Path, lock: int, builder: Builder) -> dict[str, Any]:
    """Make the environment that uv has fixed, and tell what `listing` knows of it. Raises NotBuilt, Stopped."""
    builder = replace(builder, handed=(lock,))
    builder.tell(f"Making the environment of {UV_LOCK} (uv).")
    done = builder.run(
        *(builder.program, "sync", "--frozen", "--no-progress"), folder=folder, UV_PROJECT_ENVIRONMENT=str(target)
    )
    if done.code != 0:
        names = ", ".join(failing(done.last_words, ()))
        what = f"The environment of {UV_LOCK} could not be made{f': {names}' if names else ''}."
        raise NotBuilt(what, done.last_words)
    return described(target, builder, (UV_LOCK,), folder.name)
