"""Changing what the MLmodel file of a saved model says."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from runfolio.models.mlmodel import FILE_NAME, MLmodel
from runfolio.models.safety import trust
from runfolio.models.safety.hashing import fingerprint
from runfolio.models.uris import model_folder, run_of


def rewrite(uri: str, change: Callable[[MLmodel], None]) -> MLmodel:
    """Change the MLmodel file of a model, in its folder or in the run that it was logged to; the model as it is then.

    Raises:
        NotFound: there is no such model.
        StoreError, OSError: it cannot be written.
    """
    folder = model_folder(uri)
    trusted = trust.is_trusted(fingerprint(folder))
    model = MLmodel.load(folder)
    change(model)
    run = run_of(uri)
    with tempfile.TemporaryDirectory(prefix="runfolio-") as scratch:
        file = Path(scratch, FILE_NAME)
        model.save(file)
        if run is None:
            from runfolio.store.files import write_whole

            write_whole(folder / FILE_NAME, lambda place: place.write_bytes(file.read_bytes()))
        else:
            from runfolio.client.client import Client

            Client().log_artifact(run[0], str(file), run[1] or None)
    if trusted:  # what changed is the caller's own
        trust.made_here(folder, uri)
    return model
