"""By what scripts and commands name a model of a run."""

from __future__ import annotations

from runfolio.core.paths import store_path
from runfolio.gui.viewers.viewer import ViewedFile
from runfolio.store import Store
from runfolio.store.runs import get_run


def uri_of(store: Store, file: ViewedFile) -> str:
    """The URI of the folder that an MLmodel file is in; for workers. Raises NotFound if the run is gone."""
    folder = file.path.rpartition("/")[0]
    return f"runs:/{get_run(store, file.run).run_id}/{folder}".rstrip("/")


def elsewhere(store: Store) -> str:
    """The store's place, if scripts and commands would not find it by themselves; else empty."""
    return str(store.path) if store.path != store_path() else ""
