"""A journal of this process's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runfolio.journal.append import JournalWriter


@pytest.fixture
def writer(tmp_path: Path) -> Iterator[JournalWriter]:
    """A journal that is being written to; closed at the end if the test did not."""
    journal = JournalWriter(tmp_path / "journal")
    yield journal
    if journal._lock is not None:
        journal.close()
