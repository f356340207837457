"""Where a model is on disk, by its address: a path, `file:`, `runs:/<run>/<path>` or `models:/m-<id>`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.model_history import HISTORY, entries
from runfolio.models.mlmodel import described

if TYPE_CHECKING:
    from runfolio.client.tracker import Tracker

_MODEL_ID = re.compile(r"m-[0-9a-f]{32}\Z")


def model_folder(uri: str | Path, dst_path: str | None = None) -> Path:
    """The folder of a model; with `dst_path`, a copy of it in that folder.

    Raises:
        NotFound: there is nothing at that address, or no model.
        InvalidValue: it is no address.
    """
    folder = local_path(uri, dst_path)
    described(folder)
    return folder


def local_path(uri: str | Path, dst_path: str | None = None) -> Path:
    """A file or a folder by its address; with `dst_path`, a copy in that folder. Raises as `model_folder` does."""
    address = str(uri)
    if _is_plain_path(address) and dst_path is None:
        if not Path(address).exists():
            raise NotFound(f"There is no {address!r}.")
        return Path(address)
    from runfolio.client import destination, downloads  # bring all that reads runs

    target = destination.current_tracker()
    if address.startswith("models:"):
        address = _logged_model(target, address.removeprefix("models:").strip("/"))
    return Path(downloads.fetch(target, address, dst_path))


def run_of(uri: str | Path) -> tuple[str, str] | None:
    """The run that a model was logged to and its path there; None of a model in a folder. Raises NotFound."""
    address = str(uri)
    if address.startswith("models:"):
        from runfolio.client import destination

        address = _logged_model(destination.current_tracker(), address.removeprefix("models:").strip("/"))
    if not address.startswith("runs:"):
        return None
    run_id, _, path = address.removeprefix("runs:").strip("/").partition("/")
    return run_id, path


def _is_plain_path(address: str) -> bool:
    """Whether it needs no store to be found, so that none is opened for it."""
    scheme, colon, _ = address.partition(":")
    return not colon or len(scheme) == 1


def _logged_model(target: Tracker, name: str) -> str:
    """The address in its run of a model that was logged, by its id."""
    if not name:
        raise InvalidValue("'models:/' names no model.", "Use models:/m-<id>, or runs:/<run id>/<path>.")
    if not _MODEL_ID.match(name):
        raise NotFound(
            f"The model {name!r} is not registered: this store has no registry of models yet.",
            "Load it by runs:/<run id>/<path>, or by models:/m-<id>.",
        )
    from runfolio.client import reading

    wanted = f"tags.`{HISTORY}` LIKE '%{name}%'"
    for run in reading.runs_by_number(target, reading.find_runs(target, filter=wanted)):
        for one in entries(run.data.tags.get(HISTORY)):
            if "artifact_path" in one and name in (one.get("model_uuid"), one.get("model_id")):
                return f"runs:/{run.info.run_id}/{one['artifact_path']}"
    raise NotFound(f"There is no model {name!r} in {target.folder}.")
