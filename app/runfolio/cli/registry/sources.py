"""What is to be registered, by the words of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.cli.opened import whole_address

if TYPE_CHECKING:
    from runfolio.store import Store
    from runfolio.store.registry.registering import Source


def source_of(store: Store, address: str) -> Source:
    """Files of a run, a model that was logged, another version, or what is on the disk.

    The beginning of a run's id is enough. Raises NotFound, InvalidValue, RunStateError.
    """
    from runfolio.client.destination import current_tracker, set_tracking_uri
    from runfolio.client.registry_sources import source_of as named

    address = whole_address(store, address)
    set_tracking_uri(store.path)
    return named(current_tracker(), address)
