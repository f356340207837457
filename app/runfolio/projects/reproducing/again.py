"""Puts the code of a plan into a fresh folder: the commit, what was not committed, and the data that were beside it."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from runfolio.core.copying import copy_hashed, open_regular
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.projects.reproducing.plan import Data, Plan
from runfolio.projects.sources import Source, SourceKind, fetch
from runfolio.projects.sources.checkout import check_out
from runfolio.projects.sources.fetching import new_folder
from runfolio.projects.sources.git import Done, run_here
from runfolio.projects.sources.source import Watch
from runfolio.projects.sources.versions import Version

_FILE = re.compile(r"error: (?:patch failed: )?(?P<file>.+?)(?::\d+)?(?:: .*)?")


def checkout(
    plan: Plan,
    work: Path,
    tell: Callable[[str], None] = lambda _line: None,
    stopped: Callable[[], bool] = lambda: False,
) -> Source:
    """The code of a plan in a folder of its own below `work`; where it was not in git, where it is.

    Raises:
        InvalidValue: the plan has a fatal problem, what was not committed does not fit to the commit, or data changed.
        NotFound, EnvironmentProblem: as of `sources.fetch`.
        Stopped: `stopped` said so.
    """
    fatal = [problem.text for problem in plan.problems if problem.fatal]
    if fatal:
        raise InvalidValue(f"The run {plan.run_id[:8]} cannot be run again.", "\n".join(fatal))
    if plan.code.origin is None:
        uri = plan.request.uri if plan.is_project else plan.code.folder
        return fetch(uri, work=work, tell=tell, stopped=stopped)
    watch = Watch(tell, stopped)
    root = new_folder(work, f"again-{plan.run_id[:8]}")
    try:
        watch.tell(f"Checking out {plan.code.commit[:10]} of {plan.code.origin.shown}.")
        check_out(plan.code.origin, Version(plan.code.commit), root, watch)
        _apply(plan, root, watch)
        for one in plan.data:
            _bring(one, root)
        folder = root / plan.code.folder
        if not folder.is_dir():
            raise NotFound(f"The commit {plan.code.commit[:10]} has no folder {plan.code.folder!r}.")
    except BaseException:
        shutil.rmtree(root, ignore_errors=True)
        raise
    return Source(
        folder,
        root,
        plan.request.uri,
        plan.code.folder,
        SourceKind.GIT,
        plan.code.commit,
        remote=plan.code.remote,
        dirty=bool(plan.code.patch),
        patch=plan.code.patch,
        temporary=True,
    )


def _apply(plan: Plan, root: Path, watch: Watch) -> None:
    """Change the files as they were changed when it ran. Raises InvalidValue."""
    if not plan.code.patch:
        return
    watch.tell("Applying what was not committed.")
    with tempfile.TemporaryDirectory(prefix="runfolio-") as folder:
        file = Path(folder, "changes.patch")
        file.write_bytes(plan.code.patch)
        done = run_here(["apply", "--whitespace=nowarn", "--", str(file)], root, watch)
    if done.code != 0:
        raise _does_not_fit(plan, done)


def _does_not_fit(plan: Plan, done: Done) -> InvalidValue:
    told = (_FILE.fullmatch(line) for line in done.said)
    files = list(dict.fromkeys(found["file"] for found in told if found))
    what = f"What was not committed does not fit to the commit {plan.code.commit[:10]}: {', '.join(files)}."
    return InvalidValue(what, "\n".join(["git's last lines:", *done.said[-8:]]))


def _bring(one: Data, root: Path) -> None:
    """Copy a file that is not in git to its place. Raises InvalidValue if it has changed since the plan was made."""
    target = root / one.inside
    if target.exists() or not target.parent.resolve().is_relative_to(root.resolve()):
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    with open_regular(one.file) as given, target.open("x+b") as made:
        digest = copy_hashed(given, made)
    if one.digest and not digest.startswith(one.digest):
        raise InvalidValue(f"{one.file} has just been changed.", "Plan it again.")
