"""Tables that scripts have logged, as MLflow stores them: JSON with columns and data, where cells may be pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from runfolio.core.errors import CannotShow
from runfolio.previews.table.source import Cell, Column, Kind
from runfolio.previews.tree.json_file import read_json

TYPED_ROWS, PIECE = 200, 4096


class Logged:
    """A logged table, or a list of JSON objects, which is shown as one."""

    complete, share = True, 1.0
    notes: tuple[str, ...] = ()

    def __init__(self, path: str) -> None:
        content = read_json(path)
        if is_split(content):
            names, self._data = content["columns"], content["data"]
            self.title = "Logged table"
        elif is_records(content):
            names = list(dict.fromkeys(key for row in content for key in row))
            self._data = [[row.get(name) for name in names] for row in content]
            self.title = "List of objects"
        else:
            raise CannotShow("This JSON is no table.", "It can be looked at as a tree.")
        self._columns = [Column(_text(name) or "", self._kind(place)) for place, name in enumerate(names)]

    @property
    def columns(self) -> Sequence[Column]:
        """As the file names them."""
        return self._columns

    @property
    def rows(self) -> int:
        """All of them."""
        return len(self._data)

    def count(self, seconds: float) -> None:
        """They are known."""

    def cells(self, rows: Sequence[int], first_column: int, count: int) -> list[tuple[Cell, ...]]:
        """Texts; of pictures, where their files are."""
        places = range(first_column, min(first_column + count, len(self._columns)))
        return [tuple(_text(self._value(row, place)) for place in places) for row in rows]

    def values(self, column: int) -> Iterator[tuple[float, Sequence[Cell]]]:
        """All of a column."""
        for first in range(0, self.rows, PIECE):
            last = min(first + PIECE, self.rows)
            yield last / self.rows, [_text(self._value(row, column)) for row in range(first, last)]

    def close(self) -> None:
        """The file is closed already."""

    def _value(self, row: int, column: int) -> Any:
        cells = self._data[row]
        return cells[column] if column < len(cells) else None

    def _kind(self, column: int) -> Kind:
        values = [self._value(row, column) for row in range(min(TYPED_ROWS, self.rows))]
        kinds = {_kind_of(value) for value in values if value is not None}
        return kinds.pop() if len(kinds) == 1 else "text"


def is_split(content: Any) -> bool:
    """Whether this is what `log_table` writes."""
    if not isinstance(content, dict) or not isinstance(content.get("columns"), list):
        return False
    data = content.get("data")
    return isinstance(data, list) and all(isinstance(row, list) for row in data)


def is_records(content: Any) -> bool:
    """Whether this is a list of objects that have something in common."""
    if not isinstance(content, list) or not content or not all(isinstance(row, dict) for row in content):
        return False
    return len({key for row in content for key in row}) <= 4 * max(len(row) for row in content)


def picture_of(value: Any) -> str | None:
    """Where the picture of a cell is, among the artifacts of the run: the small copy, if there is one."""
    if not isinstance(value, dict) or value.get("type") != "image":
        return None
    place = value.get("compressed_filepath") or value.get("filepath")
    return place if isinstance(place, str) else None


def _kind_of(value: Any) -> Kind:
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int | float):
        return "number"
    if picture_of(value) is not None:
        return "picture"
    return "nested" if isinstance(value, list | dict) else "text"


def _text(value: Any) -> Cell:
    if value is None or isinstance(value, str):
        return value
    if (picture := picture_of(value)) is not None:
        return picture
    return json.dumps(value, ensure_ascii=False)
