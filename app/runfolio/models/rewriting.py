"""Changing what the MLmodel file of a saved model says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from runfolio.core.errors import InvalidValue
from runfolio.models.mlmodel import FILE_NAME, MLmodel
from runfolio.models.safety import trust
from runfolio.models.safety.hashing import fingerprint
from runfolio.models.uris import model_folder, place_of


def rewrite(uri: str, change: Callable[[MLmodel], None]) -> MLmodel:
    """Change the MLmodel file of a model, in its folder or in the run that it was logged to; the model as it is then.

    Raises:
        NotFound: there is no such model.
        InvalidValue: it is a registered version, which never changes.
        StoreError, OSError: it cannot be written.
    """
    from runfolio.client.addresses import OfRun, OfVersion

    place, folder = place_of(uri), model_folder(uri)
    if isinstance(place, OfVersion):
        hint = "Change the model that it was registered from, and register that anew."
        raise InvalidValue(f"{place.uri} is registered: the files of a version never change.", hint)
    trusted = trust.is_trusted(fingerprint(folder))
    model = MLmodel.load(folder)
    change(model)
    with tempfile.TemporaryDirectory(prefix="runfolio-") as scratch:
        file = Path(scratch, FILE_NAME)
        model.save(file)
        if not isinstance(place, OfRun):
            from runfolio.store.files import write_whole

            write_whole(folder / FILE_NAME, lambda place: place.write_bytes(file.read_bytes()))
        else:
            from runfolio.client.client import Client

            Client().log_artifact(place.run_id, str(file), place.path or None)
    if trusted:  # what changed is the caller's own
        trust.made_here(folder, uri)
    return model
