"""Where a model's processes run: in the Python that is here, or in an environment made of what the model declares."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from runfolio.core.errors import InvalidValue, UserError
from runfolio.environments import building, cache
from runfolio.environments.alone import ALONE
from runfolio.models.environment.recipe import has_mlflow, read_recipe
from runfolio.models.mlmodel import FILE_NAME, read_yaml
from runfolio.serving.front.served import Found
from runfolio.serving.front.worker import ModelWorker, NotLoaded, start_worker

LOCAL = "local"
# What says to which run this process would log.
_RUNS = ("RUNFOLIO_RUN_", "RUNFOLIO_EXPERIMENT_", "MLFLOW_RUN_", "MLFLOW_EXPERIMENT_")


@dataclass(frozen=True, slots=True)
class Place:
    """Where processes of a model are started.

    Attributes:
        python: "" for the one that runs the server.
        mlflow: whether MLflow loads the model there.
        scratch: a folder where they work.
    """

    scratch: Path
    debug: bool
    python: str = ""
    mlflow: bool = False
    variables: dict[str, str] = field(default_factory=dict)

    async def start(self, found: Found) -> ModelWorker:
        """Start a process of a model. Raises NotLoaded, also where its files are gone."""
        try:
            model: Any = json.loads(json.dumps(read_yaml(found.folder / FILE_NAME), default=str))
        except UserError as problem:
            raise NotLoaded(str(problem)) from problem
        told = {"folder": str(found.folder.resolve()), "model": model, "mlflow": self.mlflow, "debug": self.debug}
        # Another Python is told by nothing here where its modules are.
        left_out = (*_RUNS, "PYTHON") if self.python else _RUNS
        environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        return await start_worker(self.python, told, {**environment, **self.variables}, self.scratch)


class Places:
    """Where the processes of a model are started: each version may declare another environment. A context manager.

    Args:
        manager: `local`, or `auto`, `uv`, `venv` or `conda` for the environment that the model declares.
    """

    def __init__(self, manager: str, scratch: Path, *, debug: bool, tell: Callable[[str], None]) -> None:
        self._manager, self._scratch, self._debug, self._tell = manager, scratch, debug, tell
        self._known: dict[Path, Place] = {}
        self._held = ExitStack()  # environments that are used are not removed
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()

    def get(self, folder: Path) -> Place:
        """The place for the processes of a model, whose environment is made if it is not there.

        Raises:
            NotFound, InvalidValue: the model's files cannot be read.
            EnvironmentProblem, NotBuilt: the environment cannot be made.
            OSError: the disk.
        """
        if folder not in self._known:
            made = _made(folder, self._manager, self._scratch, self._debug, self._tell, self._ended.is_set)
            self._known[folder] = self._held.enter_context(made)
        return self._known[folder]

    async def start(self, found: Found) -> ModelWorker:
        """Start a process of a model. Raises NotLoaded; for its first one also as `get`."""
        if found.folder not in self._known:
            try:
                await asyncio.to_thread(self.get, found.folder)
            except asyncio.CancelledError:
                self._ended.set()  # nobody waits for an environment that is being made
                raise
        return await self._known[found.folder].start(found)


@contextmanager
def _made(
    folder: Path,
    manager: str,
    scratch: Path,
    debug: bool,
    tell: Callable[[str], None],
    stopped: Callable[[], bool],
) -> Iterator[Place]:
    """What `Places.get` says. Raises Stopped besides."""
    if manager == LOCAL:
        yield Place(scratch, debug)
        return
    recipe = read_recipe(folder)
    builder = building.choose(recipe, tell, stopped)
    if manager not in ("auto", builder.name) and not (manager == "conda" and recipe.conda):
        raise InvalidValue(
            f"The model's environment is made by {builder.name} here, not by {manager}.", "--env-manager auto"
        )
    with cache.get(
        recipe.key,
        lambda target, lock: building.build(recipe, target, lock, builder, folder.name),
        whole=building.is_whole,
        waiting=cache.Waiting(stopped=stopped, tell=tell),
    ) as had:
        bin_folder = building.python_in(had.folder).parent
        variables = {"PYTHONPATH": str(ALONE), "VIRTUAL_ENV": str(had.folder)}
        variables["PATH"] = os.pathsep.join([str(bin_folder), os.environ.get("PATH", os.defpath)])
        python = str(building.python_in(had.folder))
        yield Place(scratch, debug, python, has_mlflow(recipe), variables)
