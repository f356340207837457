"""Making environments: by uv, which takes seconds, by venv and pip without it, by conda where that alone can."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from runfolio.core.errors import EnvironmentProblem, NotBuilt
from runfolio.environments import processes
from runfolio.environments.recipe import Recipe

#: Seconds that a single step, such as the installation of all packages, may take.
TIMEOUT = 1800.0
CONDAS = ("micromamba", "mamba", "conda")
# What would have a manager work on another environment, or project, than the one it is told.
_MISLEADING = (
    "VIRTUAL_ENV",
    "CONDA_PREFIX",
    "PYTHONHOME",
    "PYTHONPATH",
    "UV_PROJECT_ENVIRONMENT",
    "PIP_TARGET",
    "PIP_PREFIX",
)

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Builder:
    """What makes environments here.

    Attributes:
        name: `uv`, `venv` or the name of the conda.
        tell: takes a sentence about each step.
        stopped: whether nobody waits any more.
        timeout: seconds for each step.
    """

    name: str
    program: str
    tell: Told
    stopped: Callable[[], bool]
    timeout: float = TIMEOUT

    def run(self, *arguments: str | Path, folder: Path) -> processes.Finished:
        """Run the manager, or what `arguments` begin with if that is a path. Raises Stopped, NotBuilt."""
        command = [str(one) for one in arguments]
        environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
        done = processes.run(
            command, timeout=self.timeout, folder=folder, environment=environment, stopped=self.stopped
        )
        if done.code is None:
            raise NotBuilt(f"{Path(command[0]).name} took longer than {self.timeout:.0f} seconds.", done.last_words)
        return done


def choose(recipe: Recipe, tell: Told, stopped: Callable[[], bool], timeout: float = TIMEOUT) -> Builder:
    """What can make the environment here.

    Raises:
        EnvironmentProblem: nothing can; it names what is missing.
    """
    if recipe.conda:
        found = next(((name, program) for name in CONDAS if (program := shutil.which(name))), None)
        if found is None:
            wanted = ", ".join(recipe.conda)
            raise EnvironmentProblem(
                f"There is no conda here, which alone installs {wanted}.",
                "Install micromamba, or replace them by packages of pip in conda.yaml and requirements.txt.",
            )
        return Builder(*found, tell, stopped, timeout)
    if program := uv():
        return Builder("uv", program, tell, stopped, timeout)
    if recipe.minor != _minor_here() or getattr(sys, "frozen", False):
        raise EnvironmentProblem(f"Only uv can get Python {recipe.minor}, and it is not here.", "pip install uv")
    return Builder("venv", sys.executable, tell, stopped, timeout)


def uv() -> str | None:
    """The program uv: the one that is installed with this Python, else the first on the path."""
    try:
        import uv as installed
    except ImportError:
        return shutil.which("uv")
    try:
        return installed.find_uv_bin()
    except FileNotFoundError:
        return shutil.which("uv")


def build(recipe: Recipe, target: Path, builder: Builder) -> None:
    """Make the environment in a folder that is not there yet.

    Raises:
        NotBuilt: a package is not to be had, or they do not go together.
        Stopped: nobody waits any more.
    """
    if builder.name in CONDAS:
        _build_by_conda(recipe, target, builder)
        return
    builder.tell(f"Making an environment with Python {recipe.minor} ({builder.name}).")
    words: tuple[str, ...] = ("-m", "venv")
    if builder.name == "uv":
        is_ours = recipe.minor == _minor_here() and not getattr(sys, "frozen", False)
        words = ("venv", "--quiet", "--no-project", "--python", sys.executable if is_ours else recipe.minor)
    made = builder.run(builder.program, *words, target, folder=target.parent)
    if made.code != 0:
        raise NotBuilt(f"No environment with Python {recipe.minor} could be made.", made.last_words)
    _install(recipe, target, builder)


def python_in(target: Path) -> Path:
    """The interpreter of an environment."""
    places = ("Scripts/python.exe", "python.exe") if os.name == "nt" else ("bin/python",)
    return next((file for place in places if (file := target / place).exists()), target / places[0])


def _install(recipe: Recipe, target: Path, builder: Builder) -> None:
    """Install with the exact versions of the lock; without them, which is told, if they are not to be had here."""
    (target / "requirements.txt").write_text("\n".join(recipe.lines), encoding="utf-8")
    for name, text in recipe.constraints.items():
        (target / name).write_text(text, encoding="utf-8")
    (target / "lock.txt").write_text(recipe.lock, encoding="utf-8")
    builder.tell(f"Installing {len(recipe.lines)} requirements and all that they require.")
    arguments: Sequence[str | Path] = ("-r", "requirements.txt")
    if recipe.lock:
        done = builder.run(*_installer(builder, target), *arguments, "-c", "lock.txt", folder=target)
        if done.code == 0:
            return
        builder.tell("The versions of the lock are not all to be had here; the requirements alone are tried.")
    done = builder.run(*_installer(builder, target), *arguments, folder=target)
    if done.code != 0:
        raise NotBuilt("The packages that are required could not be installed.", done.last_words)


def _installer(builder: Builder, target: Path) -> tuple[str | Path, ...]:
    if builder.name == "uv":
        return (builder.program, "pip", "install", "--quiet", "--python", python_in(target))
    return (python_in(target), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input")


def _build_by_conda(recipe: Recipe, target: Path, builder: Builder) -> None:
    assert recipe.conda_file is not None
    builder.tell(f"Making an environment with {len(recipe.conda)} packages of conda ({builder.name}).")
    words = ("create", "--yes") if builder.name == "micromamba" else ("env", "create", "--yes")
    done = builder.run(
        builder.program, *words, "--prefix", target, "--file", recipe.conda_file, folder=recipe.conda_file.parent
    )
    if done.code != 0:
        raise NotBuilt("The environment could not be made by conda.", done.last_words)


def _minor_here() -> str:
    return f"{sys.version_info.major}.{sys.version_info.minor}"
