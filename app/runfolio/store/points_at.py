"""The value of a series at one step, found in its chunks: what the database calls for each run of a filter."""

from __future__ import annotations

from runfolio.store import codec

# The columns of a chunk.
TIMES, VALUES = 1, 2


class LatestAt:
    """An aggregate of the database: of the chunks of a series the latest value at a step.

    Of points at one step the one with the greatest time is the latest, and of equal times the one logged last.
    """

    def __init__(self) -> None:
        self._found: list[tuple[int, bytes, list[int]]] = []

    def step(self, start: int, data: bytes, step: int) -> None:
        """Look at the chunk that begins with the point of this number."""
        places = codec.places_of(data, step)
        if places:
            self._found.append((start, data, [*places]))

    def finalize(self) -> float | str | None:
        """The value; the text `nan` for a NaN, which the database cannot hold, and None where there is no point."""
        if not self._found:
            return None
        _, data, places = self._found[0]
        if len(self._found) > 1 or len(places) > 1:
            data, place = self._latest()
        else:
            (place,) = places
        value = codec.float_at(data, VALUES, place)
        return "nan" if value != value else value

    def _latest(self) -> tuple[bytes, int]:
        """The chunk and the place in it of the latest of several points."""
        times = {start: codec.unpack(data)[TIMES] for start, data, _ in self._found}
        points = ((int(times[start][place]), start, place, data) for start, data, some in self._found for place in some)
        _, _, place, data = max(points, key=lambda point: point[:3])
        return data, place
