"""A process that reads files, for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runfolio.previews.door import Door
from runfolio.previews.kept import Kept


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What has been opened, let go of in the end."""
    one = Kept()
    yield one
    one.clear()


@pytest.fixture(scope="module")
def door() -> Iterator[Door]:
    """Asks a process of its own."""
    one = Door()
    yield one
    one.close()
