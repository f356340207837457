"""What of a plan is told: what is done, line by line, and what will not be as it was."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from runfolio.core.numbers import counted
from runfolio.core.packages import read_lock
from runfolio.core.patches import read_patch
from runfolio.gui.projects.commanding import command_line
from runfolio.projects.reproducing import Plan, Problem

COMMIT_LETTERS = 10


def steps(plan: Plan) -> Iterator[tuple[str, str]]:
    """What is done: a caption and a sentence each."""
    code = plan.code
    if code.origin is not None:
        yield "Code", f"commit {code.commit[:COMMIT_LETTERS]} of {code.origin.shown}, in a fresh folder"
    else:
        yield "Code", f"{code.folder or plan.request.uri}, as it is now"
    changed = [f"{file.path} ({file.summary})" for file in read_patch(code.patch.decode("utf-8", "replace")).files]
    if changed:
        yield "Not committed", "\n".join(changed)
    if plan.data:
        yield "Data", "\n".join(one.inside for one in plan.data)
    lock = read_lock(plan.lock)
    if lock.packages:
        python = f", Python {lock.python}" if lock.python else ""
        yield "Packages", f"the same {counted(len(lock.packages), 'package')}{python}"
    yield "Command", shlex.join(plan.words) if plan.words else command_line(plan.request)


def problem_text(problem: Problem) -> tuple[str, str]:
    """A problem, and the role of the colour that says how bad it is."""
    return (f"✕ {problem.text}", "bad") if problem.fatal else (f"! {problem.text}", "warn")
