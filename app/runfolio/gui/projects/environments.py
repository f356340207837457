"""How a project's environment is, by what would make it, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from runfolio.core.numbers import size
from runfolio.core.projects.records import DeclaredEnvironment
from runfolio.core.projects.request import EnvManager
from runfolio.projects.environments import Status, status

TITLES = {
    EnvManager.AUTO: "As the project says",
    EnvManager.LOCAL: "This Python",
    EnvManager.UV: "uv",
    EnvManager.VENV: "venv",
    EnvManager.CONDA: "conda",
    EnvManager.DOCKER: "Docker",
}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence, and the role of the colour that says the same."""

    text: str = ""
    role: str = "muted"


def told_of(folder: Path, declared: DeclaredEnvironment) -> dict[EnvManager, Told]:
    """How each manager would have the environment of a project; nothing is done for it."""
    return {one: told(status(folder, declared, one), one) for one in EnvManager}


def told(status: Status, asked: EnvManager) -> Told:
    """How an environment is."""
    by = f"{TITLES[status.manager]}: " if asked is EnvManager.AUTO and status.manager is not asked else ""
    if status.problem:
        return Told(f"✕ {by}{status.problem} {status.hint}".strip(), "bad")
    if status.ready is None:
        return Told(f"○ {by}the image is fetched first if it is not there", "muted")
    if status.ready:
        return Told(f"✓ {by}ready{f', {size(status.size)}' if status.size else ''}", "ok")
    return Told(f"○ {by}made first, which takes a while once", "muted")
