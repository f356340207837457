"""A short list in the navigator as Qt's item model: all of it was read, and those are shown that are searched for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject

from runfolio.gui.aliases import NOWHERE, Index
from runfolio.gui.navigator.tree import matches

T = TypeVar("T")


class SearchedList(QAbstractListModel, Generic[T]):
    """One row for each of the things that is searched for; a subclass says what is told of it, in `data`.

    Args:
        key: by which a thing is known again.
        title: what is searched.

    Attributes:
        everything: all of them in their order, as last read.
    """

    def __init__(self, key: Callable[[T], object], title: Callable[[T], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._key, self._title = key, title
        self.everything: Sequence[T] = ()
        self._rows: list[T] = []
        self._words: list[str] = []

    def show_all(self, things: Sequence[T]) -> None:
        """Show these; where only what is told of them is other, the rows stay."""
        self.everything = things
        self._follow()

    def set_filter(self, text: str) -> None:
        """Show those whose titles have all of these words."""
        self._words = text.lower().split()
        self._follow()

    def _follow(self) -> None:
        rows = [one for one in self.everything if matches(self._title(one), self._words)]
        if list(map(self._key, rows)) != list(map(self._key, self._rows)):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))

    def thing_at(self, index: Index) -> T | None:
        """What a row stands for."""
        return self._rows[index.row()] if index.isValid() else None

    def find(self, key: object) -> QModelIndex:
        """The row of a thing; an invalid one if it is not there."""
        return next((self.index(row) for row, one in enumerate(self._rows) if self._key(one) == key), QModelIndex())

    def rowCount(self, parent: Index = NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)
