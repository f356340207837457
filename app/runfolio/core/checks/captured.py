"""Checks of what was captured: can the run be repeated, and was it made before?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from runfolio.core import captured, numbers
from runfolio.core.cell_rules import Tone
from runfolio.core.checks.findings import Facts, Finding
from runfolio.core.entities import DatasetInput, Run
from runfolio.core.states import RunStatus


def uncommitted(facts: Facts) -> Finding | None:
    """Whether the code can be found again."""
    tags = facts.run.tags
    if facts.run.parent_run_id:  # its parent says it
        return None
    if not tags.get(captured.COMMIT):
        return Finding("uncommitted", Tone.WARN, "no git commit recorded")
    if tags.get(captured.DIRTY, "").lower() != "true":
        return None
    return Finding("uncommitted", Tone.WARN, f"ran on changes that are not committed{_changed(facts)}")


def _changed(facts: Facts) -> str:
    """Such as ` (3 files, kept as a patch)`."""
    if facts.patch is None or facts.patch.cut:
        return ""
    files, unknown = len(facts.patch.files), len(facts.patch.unknown)
    if files:
        return f" ({numbers.counted(files, 'file')}, kept as a patch)"
    return f" ({numbers.counted(unknown, 'file')} not in git)" if unknown else ""


def no_lock(facts: Facts) -> Finding | None:
    """Whether the packages are known that it ran with."""
    if facts.run.parent_run_id:
        return None
    if facts.lock is None or not facts.lock.packages:
        return Finding("no_lock", Tone.WARN, "environment lock missing")
    count = numbers.counted(len(facts.lock.packages), "package")
    return Finding("no_lock", Tone.OK, f"environment lock complete ({count})")


def duplicate(facts: Facts) -> Finding | None:
    """Whether the same was run before."""
    if not facts.twin:
        return None
    return Finding("duplicate", Tone.WARN, f"same params, code, data and script as {facts.twin}")


def signature(run: Run, data: Iterable[DatasetInput], patch: str | None) -> str:
    """A text that is the same for runs of which a second one tells nothing new; empty where that cannot be known.

    A run whose code is not known, that has no params, that is nested in another one or did not finish has none.
    """
    code = run.tags.get(captured.COMMIT, "")
    dirty = run.tags.get(captured.DIRTY, "").lower() == "true"
    if not code or not run.params or run.parent_run_id or run.status is not RunStatus.FINISHED:
        return ""
    if dirty and patch is None:
        return ""
    datasets = sorted((one.dataset.name, one.dataset.digest, sorted(one.tags.items())) for one in data)
    script = run.tags.get(captured.SCRIPT, run.source), run.tags.get(captured.COMMAND, "")
    same = [sorted(run.params.items()), code, patch if dirty else "", datasets, script, run.experiment]
    return hashlib.sha256(json.dumps(same).encode()).hexdigest()[:32]
