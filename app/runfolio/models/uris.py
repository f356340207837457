"""Where a model is on disk, by its address: a path, `file:`, `runs:/<run>/<path>` or `models:/...`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from runfolio.core.errors import NotFound
from runfolio.models.mlmodel import described

if TYPE_CHECKING:
    from runfolio.client.addresses import Place


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

    return Path(downloads.fetch(destination.current_tracker(), address, dst_path))


def place_of(uri: str | Path) -> Place:
    """What an address names: files of a run, a registered version, or a path. Raises NotFound, InvalidValue."""
    if _is_plain_path(str(uri)):
        return Path(uri)
    from runfolio.client import addresses, destination

    return addresses.place_of(destination.current_tracker(), uri)


def _is_plain_path(address: str) -> bool:
    """Whether it needs no store to be found, so that none is opened for it."""
    scheme, colon, _ = address.partition(":")
    return not colon or len(scheme) == 1
