"""What deleting files gives back: the bytes of a file that has several names go with the last of them."""

from __future__ import annotations

import os


class Freed:
    """Adds up files that go together.

    Attributes:
        bytes: what all that were added give back.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._names: dict[tuple[int, int], int] = {}

    def add(self, about: os.stat_result) -> int:
        """Add a file by what is known of it; returns how many bytes more are given back."""
        more = about.st_size
        if about.st_nlink > 1:
            place = about.st_dev, about.st_ino
            self._names[place] = self._names.get(place, 0) + 1
            if self._names[place] != about.st_nlink:
                more = 0
        self.bytes += more
        return more
