"""A sweep as JSON has it, for the queue and for the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep


def written(sweep: Sweep) -> dict[str, Any]:
    """A sweep as JSON has it; `read_written` reads it."""
    return asdict(sweep)


def read_written(given: Mapping[str, Any]) -> Sweep:
    """A sweep as it was written; what a newer version has added is passed over."""
    known = _known(Sweep, given)
    known["space"] = tuple(
        Dimension(**{**_known(Dimension, one), "values": tuple(one.get("values", ()))}) for one in known["space"]
    )
    known["method"] = Method(known["method"])
    for key, kind in (("stop", StopRules), ("pruning", Pruning)):
        if key in known:
            known[key] = kind(**_known(kind, known[key]))
    return Sweep(**known)


def _known(kind: Any, given: Mapping[str, Any]) -> dict[str, Any]:
    names = {one.name for one in fields(kind)}
    return {key: value for key, value in given.items() if key in names}
