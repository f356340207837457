"""Trying a model as it will be deployed: its environment made of its own files, its example predicted, and compared."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from runfolio.core.clock import now_ms
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotBuilt
from runfolio.environments import building, cache, processes
from runfolio.environments.recipe import Recipe
from runfolio.models.environment.apart import apart
from runfolio.models.environment.blame import blame
from runfolio.models.environment.check_result import DIFFERS, FAILED, PASSED, CheckResult
from runfolio.models.environment.comparing import first_difference
from runfolio.models.environment.recipe import has_mlflow, read_recipe
from runfolio.models.environment.recording import OUTPUT
from runfolio.models.mlmodel import FILE_NAME, read_yaml
from runfolio.models.safety.hashing import fingerprint

#: Seconds that the model may take to load and to predict its example.
TIMEOUT = 600.0
_CHILD = Path(__file__).with_name("check_child.py")


def check(
    folder: Path,
    *,
    tell: building.Told = lambda _: None,
    stopped: Callable[[], bool] = lambda: False,
    timeout: float = TIMEOUT,
    fresh: bool = False,
) -> CheckResult:
    """Try a model in its own environment. This runs what the model's files say.

    Args:
        tell: takes a sentence about each step.
        stopped: asked now and then whether to give up.
        timeout: seconds for loading and predicting.
        fresh: whether the environment is made anew, although it is in the cache.

    Raises:
        NotFound, InvalidValue: the model's files cannot be read.
        EnvironmentProblem: what makes such environments is missing here.
        Stopped: `stopped` said so.
    """
    recipe = read_recipe(folder)
    builder = building.choose(recipe, tell, stopped)
    digest = fingerprint(folder)
    base = CheckResult(result=FAILED, stage="environment", builder=builder.name, digest=digest, time=now_ms())
    started = time.monotonic()
    made = cache.get(
        recipe.key,
        lambda target, lock: building.build(recipe, target, lock, builder, folder.name),
        whole=building.is_whole,
        fresh=fresh,
        waiting=cache.Waiting(stopped=stopped, tell=tell),
    )
    try:
        with made as had:
            tell("The environment was made before." if had.was_there else "The environment is made.")
            spent = {"environment": 0.0 if had.was_there else round(time.monotonic() - started, 3)}
            tell("Loading the model and predicting its input example.")
            started = time.monotonic()
            told = _try(folder, recipe, building.python_in(had.folder), timeout, stopped)
    except NotBuilt as problem:
        return replace(base, reason=f"{problem.message}\n{problem.hint}", hint="See the model's requirements.txt.")
    spent["model"] = round(time.monotonic() - started, 3)
    return replace(_judged(folder, told, base), seconds=spent)


def _try(folder: Path, recipe: Recipe, python: Path, timeout: float, stopped: Callable[[], bool]) -> Mapping[str, Any]:
    """What the child process tells of the model."""
    with tempfile.TemporaryDirectory(prefix="runfolio-") as scratch:
        answer = Path(scratch, "answer.json")
        asked = {
            "folder": str(folder.resolve()),
            "model": json.loads(json.dumps(read_yaml(folder / FILE_NAME), default=str)),
            "mlflow": has_mlflow(recipe),
            "runfolio": str(_place_of_runfolio()),
            "answer": str(answer),
        }
        environment = apart(Path(scratch))
        environment = {name: value for name, value in environment.items() if not name.startswith("PYTHON")}
        done = processes.run(
            # What somebody has compiled of the model's code is neither taken nor left there.
            [str(python), "-I", "-B", "-X", f"pycache_prefix={scratch}", str(_CHILD)],
            timeout=timeout,
            given=json.dumps(asked),
            folder=Path(scratch),
            environment=environment,
            stopped=stopped,
        )
        try:
            found: Mapping[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            found = {"stage": "load", "error": {"message": _ending(done, timeout), "trace": done.errors, "kind": []}}
        return found


def _ending(done: processes.Finished, timeout: float) -> str:
    if done.code is None:
        return f"It took longer than {timeout:.0f} seconds."
    return f"The process ended with code {done.code}: {done.last_words}"


def _judged(folder: Path, told: Mapping[str, Any], base: CheckResult) -> CheckResult:
    """How the model fared, by what the child told."""
    known = replace(base, stage=told["stage"], python=told.get("python", ""), loader=told.get("loader", ""))
    if error := told.get("error"):
        missing = blame(error)
        kind = next(iter(error["kind"]), "")
        return replace(
            known,
            reason=f"{kind}: {error['message']}" if kind else str(error["message"]),
            hint=missing.hint,
            packages=(missing.package,) if missing.package else (),
            libraries=(missing.library,) if missing.library else (),
        )
    stored = folder / OUTPUT
    if "output" not in told or not stored.is_file():
        return replace(known, result=PASSED)
    try:
        expected = json.loads(stored.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as problem:
        raise InvalidValue(f"The stored output {OUTPUT} is not JSON: {problem}.") from None
    different = first_difference(expected, told["output"])
    if different is not None:
        return replace(
            known, result=DIFFERS, stage="compare", compared=True, reason=f"The output differs: {different}."
        )
    return replace(known, result=PASSED, compared=True)


def _place_of_runfolio() -> Path:
    """The folder with our package. Raises EnvironmentProblem where there are no files of it."""
    if not _CHILD.is_file():
        raise EnvironmentProblem("This Runfolio is in one file, out of which no other Python can load it.")
    return _CHILD.parents[3]
