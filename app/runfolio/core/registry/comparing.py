"""What differs among several versions of a model, each beside the first of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from runfolio.core.difference_table import (
    Cell,
    DifferenceLine,
    DifferencePart,
    Kind,
    figure_lines,
    values_part,
)
from runfolio.core.leaves import nested_settings
from runfolio.core.numbers import size
from runfolio.core.ordering import natural
from runfolio.core.packages import normal_name
from runfolio.core.registry.records import ModelFacts, ModelVersion, VersionFile
from runfolio.core.system_tags import is_system_tag

ADDED, REMOVED, CHANGED = "added", "removed", "changed"
# The name that a line of requirements begins with (PEP 508); what follows is its version, extras and conditions.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def compare_versions(
    versions: Sequence[ModelVersion], files: Sequence[Sequence[VersionFile]], lower: Mapping[str, bool]
) -> tuple[DifferencePart, ...]:
    """All that some versions have, in their order; `files` are theirs, and `lower` is as in `core.direction`."""
    facts = [one.facts for one in versions]
    return (
        DifferencePart(Kind.LAST, tuple(figure_lines([one.metrics for one in versions], lower))),
        values_part(Kind.PARAMS, [nested_settings(one.params) for one in versions]),
        values_part(Kind.SIGNATURE, list(map(_signature, facts))),
        values_part(Kind.ENVIRONMENT, list(map(_environment, facts))),
        DifferencePart(Kind.FILES, tuple(_files(files))),
        values_part(Kind.TAGS, list(map(_tags, versions))),
        values_part(Kind.ABOUT, list(map(_about, versions))),
    )


def _signature(facts: ModelFacts) -> dict[str, str]:
    return {
        **dict(facts.inputs),
        **{f"{name} (param)": kind for name, kind in facts.params},
        **{f"→ {name}": kind for name, kind in facts.outputs},
    }


def _environment(facts: ModelFacts) -> dict[str, str]:
    told = {"python": facts.python} if facts.python else {}
    for line in facts.requirements:
        found = _NAME.match(line)
        name = normal_name(found[0]) if found is not None else line
        told[name] = line[found.end() :].strip() or "any" if found is not None else "needed"
    return told


def _tags(version: ModelVersion) -> dict[str, str]:
    return {key: text for key, text in version.tags.items() if not is_system_tag(key)}


def _about(version: ModelVersion) -> dict[str, str]:
    facts = version.facts
    told = {
        "stage": version.stage,
        "description": " ".join(version.description.split()),
        "flavors": ", ".join(facts.flavors),
        "size": size(version.size),
        "input example": "yes" if facts.has_input_example else "no",
        "mlflow format": facts.mlflow_version,
        "run": version.run_name,
    }
    return {key: text for key, text in told.items() if text}


def _files(files: Sequence[Sequence[VersionFile]]) -> Iterable[DifferenceLine]:
    """Each file by its path; whether two are the same is told by their hashes."""
    told = [{one.path: one for one in of_version} for of_version in files]
    for path in sorted({path for of_version in told for path in of_version}, key=natural):
        found = [of_version.get(path) for of_version in told]
        yield DifferenceLine(path, tuple(_file(found[0], one) for one in found))


def _file(first: VersionFile | None, one: VersionFile | None) -> Cell:
    if one is None:
        return Cell(None) if first is None else Cell(REMOVED, differs=True)
    told = f"{size(one.size)} {one.sha256[:7]}"
    if first is None:
        return Cell(f"{told} {ADDED}", differs=True)
    return Cell(told) if one.sha256 == first.sha256 else Cell(f"{told} {CHANGED}", differs=True)
