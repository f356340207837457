"""The packages that a run had, of which the one that is its own code is taken from where that is checked out."""

from __future__ import annotations

import re
from pathlib import Path

from runfolio.projects.reproducing.plan import Plan
from runfolio.projects.sources import Source


def lock_in(plan: Plan, source: Source) -> str:
    """The lock of a plan for its checkout: what was installed from the repository itself is installed from there."""
    top = plan.code.top
    return plan.lock if top is None else _below(top).sub(lambda found: source.root.as_uri() + found[1], plan.lock)


def comes_from(origin: str, top: Path) -> bool:
    """Whether a package was installed from a folder, by what a lock says of its origin."""
    return _below(top).search(origin) is not None


def _below(top: Path) -> re.Pattern[str]:
    return re.compile(re.escape(top.as_uri()) + r"(/\S*|(?=\s|$))", re.MULTILINE)
