"""An environment that a project can run in, and what a process finds in it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from runfolio.core.projects.request import EnvManager
from runfolio.environments.building import python_in
from runfolio.environments.cache import DONE, Had, read_mark
from runfolio.environments.installed import LOCK, lock_here
from runfolio.environments.pythons import minor_here
from runfolio.projects.environments.activation import activated
from runfolio.projects.environments.containers import Container

# What would have a Python look for its modules elsewhere.
_UNSET = ("PYTHONHOME", "__PYVENV_LAUNCHER__")
# What says which environment is active.
_VENV, _CONDA = ("VIRTUAL_ENV",), ("CONDA_PREFIX", "CONDA_DEFAULT_ENV")
_WINDOWS_CONDA = ("", "Library/mingw-w64/bin", "Library/usr/bin", "Library/bin", "Scripts", "bin")


@dataclass(frozen=True, slots=True)
class Prepared:
    """An environment that is ready, and stays so until its `with` ends.

    Attributes:
        manager: what is used: never `auto`.
        describe: a sentence for the log.
        variables: to be set for what runs in it.
        unset: names of variables to be taken away.
        python: its interpreter; None in a container.
        folder: of the environment; None where none was made.
        was_there: whether nothing had to be made.
        handed: descriptors that child processes are to inherit (`pass_fds`), so that nobody removes the environment as
            long as they live, even if this process does not.
        container: what the command is run by instead; None outside of containers.
    """

    manager: EnvManager
    describe: str
    variables: Mapping[str, str] = field(default_factory=dict)
    unset: tuple[str, ...] = ()
    python: Path | None = None
    folder: Path | None = None
    was_there: bool = True
    handed: tuple[int, ...] = ()
    container: Container | None = None

    @property
    def lock(self) -> str:
        """The exact versions of what is installed, which `prepare_locked` makes it of again; a file as pip reads it."""
        if self.container is not None:
            return f"# docker {self.container.image} {self.container.identity}\n"
        return lock_here() if self.folder is None else (self.folder / LOCK).read_text(encoding="utf-8")

    def environment(self, base: Mapping[str, str] | None = None) -> dict[str, str]:
        """The variables of a child process: ours, or those of `base`, with those of the environment."""
        ours = os.environ if base is None else base
        return {name: value for name, value in ours.items() if name not in self.unset} | dict(self.variables)


def local() -> Prepared:
    """The Python that runs us, as `python`; all else as it is."""
    variables: dict[str, str] = {}
    if minor_here():
        variables["PATH"] = _path([Path(sys.executable).parent])
    if sys.prefix != sys.base_prefix:
        variables["VIRTUAL_ENV"] = sys.prefix
    described = f"Python {sys.version.split()[0]}, as it is here" if minor_here() else "the programs that are here"
    return Prepared(EnvManager.LOCAL, described, variables, _UNSET, Path(sys.executable) if minor_here() else None)


def of_folder(had: Had, manager: EnvManager) -> Prepared:
    """An environment that was made in a folder of the cache.

    Args:
        manager: what was to make it; the folder knows what did.
    """
    folder = had.folder
    about = read_mark(folder / DONE)["about"]
    made_by = next((one for one in EnvManager if one == about.get("manager")), manager)
    is_conda = (folder / "conda-meta").is_dir()
    if os.name == "nt":
        places = [folder / name for name in (_WINDOWS_CONDA if is_conda else ("Scripts",))]
    else:
        places = [folder / "bin"]
    ours, others = (_CONDA, _VENV) if is_conda else (_VENV, _CONDA)
    when = "kept from before" if had.was_there else "just made"
    return Prepared(
        made_by,
        f"Python {about.get('python', '')}, {when} ({about.get('manager', made_by)}, {folder.name[:8]})",
        {**activated(folder), **dict.fromkeys(ours, str(folder)), "PATH": _path(places)},
        (*_UNSET, *others),
        python_in(folder),
        folder,
        had.was_there,
        (had.lock,),
    )


def _path(places: list[Path]) -> str:
    before = os.environ.get("PATH", os.defpath)
    return os.pathsep.join([*map(str, places), *([before] if before else [])])
