"""The list of the checks. A new check is one function, and its line here."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from runfolio.core.checks import captured, curves
from runfolio.core.checks.findings import Facts, Finding

#: Findings of an older number are looked for again: count it up when a check changes.
VERSION = 1
Check = Callable[[Facts], Finding | None]
#: By name, in the order they are told; what each is about, for menus and pages.
CHECKS: MappingProxyType[str, tuple[Check, str]] = MappingProxyType(
    {
        "final_only": (curves.final_only, "Only final values"),
        "no_lock": (captured.no_lock, "Environment lock"),
        "uncommitted": (captured.uncommitted, "Git commit"),
        "nan": (curves.nan, "Values that are not finite"),
        "unstable": (curves.unstable, "Divergence and spikes"),
        "overfit": (curves.overfit, "Over-fitting"),
        "plateau": (curves.plateau, "Plateau"),
        "no_validation": (curves.no_validation, "No validation metric"),
        "duplicate": (captured.duplicate, "Duplicate run"),
    }
)


def check_run(facts: Facts) -> tuple[Finding, ...]:
    """What the checks find, in their order."""
    found = (check(facts) for check, _ in CHECKS.values())
    return tuple(one for one in found if one is not None)
