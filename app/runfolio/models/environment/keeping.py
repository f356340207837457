"""Where it is kept how a model fared, for those who ask later, such as the gates of a registry.

A model in a folder has it in a file beside its MLmodel file. The files of a model that was logged or registered stay as
they are: what is known of it is a tag of its run, by the path of the model, or of its version. Each has the digest of
the model's files, so that it is not taken for what is known of a model that was changed since.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.core.errors import NotFound
from runfolio.core.registry import check_tags
from runfolio.core.system_tags import MODEL_CHECK
from runfolio.models.environment.check_result import TAG, CheckResult
from runfolio.models.safety.hashing import CHECKED, fingerprint
from runfolio.models.uris import place_of

if TYPE_CHECKING:
    from runfolio.client.addresses import OfVersion


def keep(uri: str, folder: Path, result: CheckResult) -> str:
    """Keep how a model fared; where, in words. Raises StoreError, EnvironmentProblem."""
    from runfolio.client.addresses import OfRun, OfVersion
    from runfolio.client.client import Client

    place, text = place_of(uri), result.to_json()
    if isinstance(place, OfRun):
        Client().set_tag(place.run_id, TAG + place.path, text)
        return f"tag {TAG}{place.path} of run {place.run_id}"
    if isinstance(place, OfVersion):
        Client().set_model_version_tag(place.name, str(place.version), MODEL_CHECK, text)
        return f"tag {MODEL_CHECK} of {place.uri}"
    from runfolio.store.files import write_whole

    write_whole(folder / CHECKED, lambda file: file.write_text(text, encoding="utf-8"))
    return str(folder / CHECKED)


def kept(uri: str, folder: Path) -> CheckResult | None:
    """How the model fared as it is now; None if it was not checked, or was changed since.

    Raises:
        InvalidValue: what is kept there tells nothing of the kind.
        NotFound: there is no such run or version.
        OSError: the model's files cannot be read.
    """
    from runfolio.client.addresses import OfRun, OfVersion

    place = place_of(uri)
    if isinstance(place, OfVersion):
        return _of_version(place, folder)
    if isinstance(place, OfRun):
        text = _tags_of_run(place.run_id).get(TAG + place.path)
    else:
        text = (folder / CHECKED).read_text(encoding="utf-8") if (folder / CHECKED).is_file() else None
    if text is None:
        return None
    found = CheckResult.from_json(text)
    return found if found.digest == fingerprint(folder) else None


def _of_version(place: OfVersion, folder: Path) -> CheckResult | None:
    """What its own tag tells, or else one of the run that it is from, if there is that still."""
    from runfolio.client.client import Client

    version = Client().get_model_version(place.name, place.version)
    of_run: Mapping[str, str] = {}
    with suppress(NotFound):
        of_run = _tags_of_run(version.run_id) if version.run_id is not None else {}
    told = check_tags.texts(version.tags, of_run)
    found = check_tags.check_of(told, fingerprint(folder)) if told else None
    return None if found is None else CheckResult.from_json(json.dumps(found))


def _tags_of_run(run_id: str) -> Mapping[str, str]:
    from runfolio.client.client import Client

    return Client().get_run(run_id).data.tags
