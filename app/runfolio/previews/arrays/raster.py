"""Arrays that are pictures: height x width x red, green, blue and perhaps alpha, as bytes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from runfolio.core.errors import CannotShow
from runfolio.previews.arrays.questions import open_source
from runfolio.previews.arrays.source import ArrayEntry
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: Of a side with more pixels than this, every second, third… one is shown.
MOST_SIDE = 1_600


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture.

    Attributes:
        pixels: height x width x channels, as uint8; fewer than the array's of a very large one.
        rows, columns: how many of the array's there are.
    """

    pixels: npt.NDArray[np.uint8]
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class AskRaster(Question[Raster]):
    """The picture that an array is."""

    path: str
    name: str

    def answer(self, kept: Kept) -> Raster:
        """It. Raises CannotShow if the array is none."""
        source = open_source(kept, self.path, self.name)
        if not is_raster(source.entry):
            raise CannotShow("This array is no picture.")
        rows, columns, _ = source.entry.shape
        step = max(1, math.ceil(max(rows, columns) / MOST_SIDE))
        where: Any = (slice(None, None, step), slice(None, None, step))
        return Raster(np.asarray(source.part(where), np.uint8), rows, columns)


def is_raster(entry: ArrayEntry) -> bool:
    """Whether an array has the shape and type that pictures have."""
    shape = entry.shape
    return entry.type == "uint8" and len(shape) == 3 and shape[2] in (3, 4) and min(shape) > 0 and not entry.reason
