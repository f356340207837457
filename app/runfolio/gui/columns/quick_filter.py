"""The filter of one column: a text, a range or a choice of values, which becomes its part of the view's filter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from runfolio.core.columns import Column, Kind, Source, sortable
from runfolio.core.errors import FilterError
from runfolio.core.filter import parse_filter
from runfolio.core.filter.narrow import (
    Way,
    adjustable,
    among,
    chosen_values,
    conditions_on,
    contained,
    containing,
    field_of,
    limit,
    limits,
    narrowed,
)
from runfolio.core.filter.tree import Field, Node, Presence
from runfolio.core.filter.write import field_text
from runfolio.gui.chrome.labels import Trouble, plain_label
from runfolio.gui.columns.popup import Popup
from runfolio.gui.session import Session
from runfolio.store.completion import known_values

RANGES = {
    Kind.NUMBER: ("such as 0.9", "such as 1e-3"),
    Kind.TIME: ("such as now - 7d", "such as 2026-01-31"),
    Kind.DURATION: ("such as 10m", "such as 2h30m"),
}
LINES = 8


class QuickFilter(Popup):
    """What a column's kind asks for; applying it replaces what is shown here of the filter, and nothing else.

    Attributes:
        text: what the values must hold; None for columns without texts.
        least, most: the ends of the range; None for columns of texts.
        values: the commonest values, to be checked; None where they are not worth listing.
        present: whether only runs with a value are wanted.
        trouble: why it cannot be applied.
    """

    def __init__(self, session: Session, column: Column, field: Field, parent: QWidget) -> None:
        super().__init__(f"Filter {column.heading}", parent)
        self._session = session
        self._field = field
        listed = column.source in (Source.PARAM, Source.TAG) or column.kind is Kind.STATUS
        ways = {Way.PRESENT, *((Way.LEAST, Way.MOST) if column.kind in RANGES else (Way.TEXT,))}
        node = parse_filter(session.view.filter, session.view.subject)
        own = self._own = adjustable(field, conditions_on(node, field), ways | {Way.VALUES} if listed else ways)
        self.text: QLineEdit | None = None
        self.least: QLineEdit | None = None
        self.most: QLineEdit | None = None
        self.values: QListWidget | None = None
        if column.kind in RANGES:
            self._add_range(column.kind, own)
        else:
            self._add_text(own)
        if listed:
            self._add_values(own)
        self.present = QCheckBox("Only runs that have a value")
        self.present.setChecked(any(isinstance(one, Presence) and one.present for one in own))
        self.body.addWidget(self.present)
        self.trouble = Trouble(self)
        self.body.addWidget(self.trouble)
        self._add_apply()

    def _add_range(self, kind: Kind, own: tuple[Node, ...]) -> None:
        self.least, self.most = QLineEdit(), QLineEdit()
        edits = zip((self.least, self.most), ("From", "To"), limits(own), RANGES[kind], strict=True)
        for edit, name, given, example in edits:
            label = plain_label(name)
            label.setBuddy(edit)
            label.setFixedWidth(self.fontMetrics().averageCharWidth() * 6)
            edit.setAccessibleName(name)
            edit.setText(given)
            edit.setPlaceholderText(example)
            row = self.add_row(label, edit)
            row.setStretch(0, 0)
            row.setStretch(1, 1)

    def _add_text(self, own: tuple[Node, ...]) -> None:
        self.text = QLineEdit(contained(own))
        self.text.setPlaceholderText("Contains")
        self.text.setAccessibleName("Contains")
        self.body.addWidget(self.text)

    def _add_values(self, own: tuple[Node, ...]) -> None:
        self.values = QListWidget()
        self.values.setAccessibleName("One of these values")
        self.values.setFixedHeight((self.fontMetrics().height() + 8) * LINES)
        self.body.addWidget(self.values)
        self._offer(chosen_values(own), chosen_values(own))
        work = partial(known_values, self._session.store, self._field)
        done = partial(self._offer, chosen_values(own))
        self._session.jobs.read(work, done, channel="columns.values", until=self.finished)

    def _offer(self, chosen: tuple[str, ...], found: list[str] | tuple[str, ...]) -> None:
        """List the chosen values and those that are common; what was checked meanwhile stays checked."""
        assert self.values is not None
        checked = {*chosen, *self._checked()}
        self.values.clear()
        for value in dict.fromkeys([*chosen, *found]):
            item = QListWidgetItem(value, self.values)
            item.setCheckState(Qt.CheckState.Checked if value in checked else Qt.CheckState.Unchecked)

    def _checked(self) -> list[str]:
        items = [self.values.item(row) for row in range(self.values.count())] if self.values is not None else []
        return [item.text() for item in items if item.checkState() is Qt.CheckState.Checked]

    def _add_apply(self) -> None:
        clear, apply = QPushButton("Clear"), QPushButton("Apply")
        clear.setAutoDefault(False)
        apply.setDefault(True)
        apply.setProperty("kind", "primary")
        clear.clicked.connect(self.clear)
        apply.clicked.connect(self.apply)
        self.add_buttons(clear, apply)

    def _conditions(self) -> Iterator[str]:
        name = field_text(self._field)
        if self.text is not None and self.text.text().strip():
            yield containing(self._field, self.text.text().strip())
        for edit, way in ((self.least, Way.LEAST), (self.most, Way.MOST)):
            if edit is not None and edit.text().strip():
                typed = edit.text().strip().replace(chr(0x2212), "-")
                yield limit(self._field, typed, way, self._session.view.subject)
        if self._checked():
            yield among(self._field, self._checked())
        if self.present.isChecked():
            yield f"{name} is not null"

    @Slot()
    def apply(self) -> None:
        """Filter the runs, or say what is wrong."""
        try:
            view = self._session.view
            filter = narrowed(view.filter, self._own, self._conditions(), view.subject)
        except FilterError as error:
            self.trouble.tell(str(error))
            self.adjustSize()
            return
        self._session.set_view(replace(self._session.view, filter=filter), "Filter")
        self.close()

    @Slot()
    def clear(self) -> None:
        """Take the column's part out of the filter."""
        clear_filter(self._session, self._field)
        self.close()


def quick_filter(session: Session, column: Column, parent: QWidget) -> QuickFilter | None:
    """The filter of a column; None for one that filters know nothing of."""
    field = field_of(sortable(column), session.view.directions)
    return None if field is None else QuickFilter(session, sortable(column), field, parent)


def clear_filter(session: Session, field: Field) -> None:
    """Take what the filter says of a field alone out of it."""
    view = session.view
    own = conditions_on(parse_filter(view.filter, view.subject), field)
    session.set_view(replace(view, filter=narrowed(view.filter, own, (), view.subject)), "Filter")
