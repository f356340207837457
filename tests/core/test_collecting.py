"""The search for garbage is off while it is held off, by whoever is last."""

from __future__ import annotations

import gc

import pytest

from runfolio.core.collecting import without_collections


def test_it_is_off_until_the_last_one_is_done() -> None:
    assert gc.isenabled()
    with without_collections():
        with pytest.raises(ValueError, match="trouble"), without_collections():
            raise ValueError("trouble")
        assert not gc.isenabled()
    assert gc.isenabled()


def test_where_it_was_off_it_stays_off() -> None:
    gc.disable()
    try:
        with without_collections():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
