"""Runs and experiments as JSON: the shapes that `--json` prints, which stay as they are."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from runfolio.cli.printing import say
from runfolio.core.entities import Artifact, Experiment, MetricSummary, Run
from runfolio.core.printable import json_number, json_text

if TYPE_CHECKING:
    from runfolio.store.checks import Told


def print_json(value: Any) -> None:
    """Print JSON for programs, and for terminals: no character of it steers one, and each can be printed."""
    ascii_only = not str(sys.stdout.encoding).lower().startswith("utf")
    print(json_text(value, ascii_only=ascii_only))


def print_done(text: str, as_json: bool, **named: Any) -> None:
    """Tell what a command has changed: in a sentence, or as JSON with the ids of what it was done to."""
    if as_json:
        print_json({"message": text, **named})
    else:
        say(text)


def of_run(run: Run) -> dict[str, Any]:
    """A run with everything small about it; times are epoch milliseconds."""
    return {
        "run_id": run.run_id,
        "name": run.name,
        "experiment": run.experiment_name,
        "status": str(run.status),
        "lifecycle_stage": str(run.lifecycle_stage),
        "start_time": run.start_time,
        "end_time": run.end_time,
        "last_seen": run.last_seen,
        "parent_run_id": run.parent_run_id,
        "user": run.user,
        "params": run.params,
        "tags": run.tags,
        "metrics": {key: _of_metric(metric) for key, metric in run.metrics.items()},
    }


def of_artifact(file: Artifact) -> dict[str, Any]:
    """A file of a run; its hash is null where it has not been computed yet."""
    known = {"sha256": file.sha256 or None, "media_type": file.media_type}
    return {"path": file.path, "size": file.size, "time": file.time, **known}


def of_checks(told: Told) -> list[dict[str, Any]]:
    """What health checks found in a run, good or bad, and whether that is muted."""
    return [
        {
            "check": one.check,
            "tone": str(one.tone),
            "text": one.text,
            "metric": one.metric or None,
            "step": one.step,
            "muted": one.check in told.muted,
        }
        for one in told.findings
    ]


def of_experiment(experiment: Experiment) -> dict[str, Any]:
    """An experiment; times are epoch milliseconds."""
    return {
        "experiment_id": experiment.experiment_id,
        "name": experiment.name,
        "lifecycle_stage": str(experiment.lifecycle_stage),
        "creation_time": experiment.creation_time,
        "last_update_time": experiment.last_update_time,
        "runs": experiment.runs,
        "running": experiment.running,
        "tags": experiment.tags,
    }


def _of_metric(metric: MetricSummary) -> dict[str, Any]:
    return {
        "last": json_number(metric.last),
        "last_step": metric.last_step,
        "min": json_number(metric.minimum),
        "max": json_number(metric.maximum),
        "mean": json_number(metric.mean),
        "count": metric.count,
    }
