"""Starting the process of a run, in its environment or in a container."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from runfolio.core.environment import of_no_run
from runfolio.core.errors import InvalidValue
from runfolio.core.numbers import counted
from runfolio.projects.environments import Prepared
from runfolio.projects.running import variables
from runfolio.projects.running.launch import Launch
from runfolio.projects.running.process import Child

#: Where the store, and what stands for `mlflow`, are in a container.
STORE, PACKAGE = "/mlflow/store", "/mlflow/runfolio"


@contextmanager
def started(
    prepared: Prepared, launch: Launch, run: Mapping[str, str], output: Callable[[str], None]
) -> Iterator[Child]:
    """The process, which is not there any more at the end.

    Args:
        run: the variables by which it logs to its run.
        output: takes what it prints.

    Raises:
        InvalidValue: the system takes no values of that length.
        OSError: it cannot be started.
    """
    request, command = launch.request, launch.command
    given = {**command.variables, **request.variables}
    own = variables.of_process(run, given, real_mlflow=request.real_mlflow)
    environment = prepared.environment(of_no_run(os.environ))
    if prepared.container is None:
        argv, name = list(launch.words) or [*SHELL, command.text], ""
        environment |= own
    else:
        name = f"runfolio-{uuid.uuid4().hex[:12]}"
        mounts = {Path(run["RUNFOLIO_STORE"]): STORE, variables.CHILD.parents[1]: PACKAGE}
        argv = prepared.container.wrap(command.text, own, launch.folder, name=name, mounts=mounts)
    try:
        child = Child(argv, launch.folder, environment, output, prepared.handed)
    except OSError as problem:
        if problem.errno == errno.E2BIG:
            raise _too_long(launch) from problem
        raise
    try:
        yield child
    finally:
        child.end()
        if prepared.container is not None:  # with its client alone it does not end
            prepared.container.kill(name)


def _too_long(launch: Launch) -> InvalidValue:
    """What to say where a process cannot be given all of its values (execve(2): 128 KiB each on Linux)."""
    values = {**launch.params, **launch.request.variables}
    name = max(values, key=lambda one: len(values[one]), default="the environment")
    return InvalidValue(
        f"No process can be given values of that length: {name} has {counted(len(values.get(name, '')), 'character')}.",
        "Write it to a file, and let the value be the path of that.",
    )


SHELL = ("bash", "-c")
