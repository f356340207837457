"""Where it is kept how a model fared, for those who ask later, such as the rules of a registry.

A model in a folder has it in a file beside its MLmodel file. The files of a model that was logged stay as they are:
what is known of it is a tag of its run, by the path of the model. Either has the digest of the model's files, so that
it is not taken for what is known of a model that was changed since.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from runfolio.models.environment.check_result import TAG, CheckResult
from runfolio.models.safety.hashing import CHECKED, fingerprint
from runfolio.models.uris import run_of


def keep(uri: str, folder: Path, result: CheckResult) -> str:
    """Keep how a model fared; where, in words. Raises StoreError, EnvironmentProblem."""
    run = run_of(uri)
    if run is None:
        from runfolio.store.files import write_whole

        write_whole(folder / CHECKED, lambda place: place.write_text(result.to_json(), encoding="utf-8"))
        return str(folder / CHECKED)
    from runfolio.client.client import Client

    Client().set_tag(run[0], TAG + run[1], result.to_json())
    return f"tag {TAG}{run[1]} of run {run[0]}"


def kept(uri: str, folder: Path) -> CheckResult | None:
    """How the model fared as it is now; None if it was not checked, or was changed since.

    Raises:
        InvalidValue: what is kept there tells nothing of the kind.
        NotFound: there is no such run.
        OSError: the model's files cannot be read.
    """
    run = run_of(uri)
    if run is not None:
        from runfolio.client.client import Client

        text: Any = Client().get_run(run[0]).data.tags.get(TAG + run[1])
    else:
        text = (folder / CHECKED).read_text(encoding="utf-8") if (folder / CHECKED).is_file() else None
    if text is None:
        return None
    found = CheckResult.from_json(text)
    return found if found.digest == fingerprint(folder) else None
