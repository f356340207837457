"""The environment of a project's process: which run it logs to, and where Runfolio is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from runfolio.client.active_run import ActiveRun
from runfolio.core.captured import BRANCH, COMMIT, REMOTE
from runfolio.core.projects.tags import BACKEND, ENTRY_POINT, ENV, SOURCE_TYPE, VERSION
from runfolio.core.settings import settings_file
from runfolio.environments.alone import ALONE

#: What stands for `mlflow`, on Python's path of a project's process.
CHILD = Path(__file__).parents[1] / "child"
# Tags by which a script tells of what it is a run.
_TOLD = (SOURCE_TYPE, ENTRY_POINT, VERSION, BACKEND, ENV, COMMIT, BRANCH, REMOTE)
#: What is captured by the process that watches.
_CAPTURED_HERE = ("CONSOLE", "GIT", "PROGRAM", "SYSTEM_METRICS")


def of_run(run: ActiveRun, experiment: str) -> dict[str, str]:
    """The variables by which the process logs to its run, ours and MLflow's."""
    store = str(run.store)
    ours = {"STORE": store, "RUN_ID": run.info.run_id, "EXPERIMENT_NAME": experiment, "RUN_ORIGIN": origin(run)}
    ours["CONFIG"] = str(settings_file().absolute())  # which an environment without platformdirs does not find
    mlflow = {"TRACKING_URI": store, "RUN_ID": run.info.run_id, "EXPERIMENT_NAME": experiment}
    found = {f"RUNFOLIO_{name}": value for name, value in ours.items()}
    found |= {f"MLFLOW_{name}": value for name, value in mlflow.items()}
    # What it logs is brought into the tables here, where all that this takes is loaded.
    return found | {"RUNFOLIO_WATCHED": "1"} | {f"RUNFOLIO_CAPTURE_{part}": "0" for part in _CAPTURED_HERE}


def origin(run: ActiveRun) -> str:
    """What a process needs to know to go on with a run that no table has yet, as JSON; "" if tables have it."""
    tags = {name: run.data.tags[name] for name in _TOLD if name in run.data.tags}
    return json.dumps({"run": run.info.run_id, "tags": tags, **run.origin}) if run.origin else ""


def of_process(run: Mapping[str, str], given: Mapping[str, str], *, real_mlflow: bool = False) -> dict[str, str]:
    """All that the process is to have beside what its environment brings along; what `given` says comes last."""
    found = {**run, "PYTHONUNBUFFERED": "1", **given}
    path = [str(CHILD), str(ALONE), *filter(None, [found.get("PYTHONPATH", os.environ.get("PYTHONPATH"))])]
    if real_mlflow:  # it would look for a run of ours in a store of its own
        found = {name: value for name, value in found.items() if name not in ("MLFLOW_TRACKING_URI", "MLFLOW_RUN_ID")}
        found["RUNFOLIO_REAL_MLFLOW"] = "1"
    return {**found, "PYTHONPATH": os.pathsep.join(path)}
