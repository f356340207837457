"""The list of the checks. A new check is one function, its line here, and its name in `core.check_names`."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from runfolio.core.checks import captured, curves
from runfolio.core.checks.findings import Facts, Finding

#: Findings of an older number are looked for again: count it up when a check changes.
VERSION = 1
Check = Callable[[Facts], Finding | None]
CHECKS: MappingProxyType[str, Check] = MappingProxyType(
    {
        "final_only": curves.final_only,
        "no_lock": captured.no_lock,
        "uncommitted": captured.uncommitted,
        "nan": curves.nan,
        "unstable": curves.unstable,
        "overfit": curves.overfit,
        "plateau": curves.plateau,
        "no_validation": curves.no_validation,
        "duplicate": captured.duplicate,
    }
)


def check_run(facts: Facts) -> tuple[Finding, ...]:
    """What the checks find, in their order."""
    found = (check(facts) for check in CHECKS.values())
    return tuple(one for one in found if one is not None)
