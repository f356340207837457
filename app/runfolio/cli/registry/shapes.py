"""Models and versions as JSON: the shapes that `--json` prints, which stay as they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from runfolio.core.printable import json_number

if TYPE_CHECKING:
    from runfolio.core.registry.gates import Judgement
    from runfolio.core.registry.records import ModelVersion, RegisteredModel, VersionFile


def of_model(model: RegisteredModel) -> dict[str, Any]:
    """A registered model; times are epoch milliseconds."""
    return {
        "name": model.name,
        "description": model.description,
        "creation_time": model.creation_time,
        "last_update_time": model.last_update_time,
        "deleted_time": model.deleted_time,
        "versions": model.versions,
        "stages": list(model.stages),
        "holders": dict(model.holders),
        "aliases": dict(model.aliases),
        "tags": dict(model.tags),
    }


def of_version(version: ModelVersion) -> dict[str, Any]:
    """A version with all that is known of it, but its files."""
    return {
        "name": version.name,
        "version": version.version,
        "uri": version.uri,
        "stage": version.stage,
        "stage_time": version.stage_time,
        "aliases": list(version.aliases),
        "description": version.description,
        "creation_time": version.creation_time,
        "last_update_time": version.last_update_time,
        "deleted_time": version.deleted_time,
        "user": version.user,
        "source": version.source,
        "run_id": version.run_id or None,
        "run_link": version.run_link or None,
        "size": version.size,
        "digest": version.digest,
        "metrics": {key: json_number(value) for key, value in version.metrics.items()},
        "params": dict(version.params),
        "tags": dict(version.tags),
        "model": asdict(version.facts),
    }


def of_files(files: Iterable[VersionFile]) -> list[dict[str, Any]]:
    """The files of a version."""
    return [asdict(one) for one in files]


def of_judgement(judgement: Judgement) -> dict[str, Any]:
    """What gates say."""
    return {
        "passed": judgement.passed,
        "blocked": judgement.blocked,
        "needs_reason": judgement.needs_reason,
        "checks": [asdict(one) for one in judgement.checks],
    }
