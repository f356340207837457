"""The list of what runs can be grouped by, one level within the other, or by all params but some."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSize, Qt, QTimer, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from runfolio.core import group_edits
from runfolio.core.columns import Column, Source
from runfolio.core.statistics import TITLES, Statistic
from runfolio.core.views import View
from runfolio.gui.chrome.labels import SMALL, muted, scaled
from runfolio.gui.columns.choices import COLUMN_ROLE
from runfolio.gui.columns.popup import Popup
from runfolio.gui.columns.search_keys import SearchKeys
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.session import Session
from runfolio.store.column_choice import tag_columns

LINES = 14
KEYS = "Enter groups by a line or not · Ctrl+↑ ↓ moves its level"
HEADINGS = {Source.ATTRIBUTE: "RUN", Source.PARAM: "PARAMETERS", Source.TAG: "TAGS"}


def choices(
    view: View, natural: tuple[Column, ...], tags: tuple[Column, ...], search: str, *, exceptions: bool
) -> list[Column | str]:
    """The columns that can be chosen, under headings; those that are chosen already come first."""
    params = [one for one in natural if one.source is Source.PARAM]
    chosen = view.group_except if exceptions else view.group_by
    offered = [*chosen, *(params if exceptions else [*group_edits.ATTRIBUTES, *params, *tags])]
    words = search.lower().split()
    found = [one for one in dict.fromkeys(offered) if all(word in one.heading.lower() for word in words)]
    lines: list[Column | str] = []
    for heading, part in (
        ("ALL PARAMS BUT" if exceptions else "GROUPED BY", [one for one in found if one in chosen]),
        *((HEADINGS[source], [c for c in found if c.source is source and c not in chosen]) for source in HEADINGS),
    ):
        lines += [heading, *part] if part else []
    return lines


class GroupChooser(Popup):
    """Every choice is a change of the view, in force at once and taken back with Undo.

    Attributes:
        field: the words that are looked for.
        levels, exceptions: the buttons for grouping by what is chosen, or by all params but that.
        list: what can be chosen.
        statistic: what groups show of their runs' numbers.
        seed, clear: the buttons for all but the seed, and for no groups.
    """

    def __init__(self, session: Session, feed: RunFeed, parent: QWidget) -> None:
        super().__init__("Group runs", parent)
        self._session = session
        self._feed = feed
        self._tags: tuple[Column, ...] = ()
        self._seeds = group_edits.seeds(feed.natural)
        self.field = QLineEdit(placeholderText="Search")
        self.levels, self.exceptions = QPushButton("By"), QPushButton("By All Except")
        self.list = QListWidget()
        self.statistic = QComboBox()
        self.seed = QPushButton(f"All But {self._seeds[0].heading}" if self._seeds else "All But the Seed")
        self.clear = QPushButton("No Groups")
        # A list must not lose the line whose box is being checked.
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._build()
        self._connect()
        self._fill()
        self._keys.go_to(0)
        work = partial(tag_columns, session.store, session.selection.experiments)
        session.jobs.read(work, self._on_tags, channel="groups.tags", until=self.finished)

    def _build(self) -> None:
        self.field.setAccessibleName("Search what runs can be grouped by")
        self.field.setClearButtonEnabled(True)
        self._modes = QButtonGroup(self)
        for button in (self.levels, self.exceptions):
            button.setCheckable(True)
            self._modes.addButton(button)
        (self.exceptions if self._session.view.group_except else self.levels).setChecked(True)
        self.levels.setToolTip("Runs with the same values of what is chosen are a group")
        self.exceptions.setToolTip("Runs with the same values of all params but those chosen are a group")
        self.list.setAccessibleName("What runs can be grouped by")
        self.list.setFixedHeight(LINES * (self.fontMetrics().height() + 8))
        self.statistic.setAccessibleName("What groups show of their runs' numbers")
        for one in Statistic:
            self.statistic.addItem(TITLES[one], one)
        self.seed.setEnabled(bool(self._seeds))
        self.seed.setToolTip("Runs that differ in nothing but their seed are a group")
        for button in (self.levels, self.exceptions, self.seed, self.clear):
            button.setProperty("kind", "small")
            button.setAutoDefault(False)
        self.add_row(self.field, self.levels, self.exceptions)
        self.body.addWidget(self.list)
        self.add_row(muted("Groups show"), self.statistic)
        self.add_buttons(self.seed, self.clear)
        keys = muted(KEYS)
        keys.setFont(scaled(keys.font(), SMALL))
        self.body.addWidget(keys)

    def _connect(self) -> None:
        self._keys = SearchKeys(self.field, self.list, self.toggle, self.move_level)
        self.field.textChanged.connect(self._fill)
        self._modes.buttonClicked.connect(self._on_mode)
        self._soon.timeout.connect(self._fill)
        self.list.itemChanged.connect(self._on_checked)
        self.list.itemActivated.connect(self._on_activated)
        self.statistic.activated.connect(self._on_statistic)
        self.seed.clicked.connect(self._on_seed)
        self.clear.clicked.connect(lambda: self._change(group_edits.ungroup, "Ungroup"))
        self._session.view_changed.connect(self._soon.start)

    # What is chosen

    @property
    def current(self) -> Column | None:
        """The column that the keyboard is on."""
        return self._keys.current

    def toggle(self, column: Column) -> None:
        """Group by a column, or not any more; or by all but it."""
        if self.exceptions.isChecked():
            self._change(lambda view: group_edits.toggle_exception(view, column), "Group")
        else:
            self._change(lambda view: group_edits.toggle_level(view, column), "Group")

    def move_level(self, column: Column, by: int) -> None:
        """Group by a column further in or further out."""
        if not self.exceptions.isChecked() and column in self._session.view.group_by:
            self._change(lambda view: group_edits.move_level(view, column, by), "Group")

    def _change(self, edit: Callable[[View], View], why: str) -> None:
        self._session.set_view(edit(self._session.view), why)

    @Slot()
    def _on_mode(self) -> None:
        """What was chosen the other way is let go: by some params and by all but some is seldom meant."""
        given_up = self._session.view.group_by if self.exceptions.isChecked() else self._session.view.group_except
        if given_up:
            self._change(group_edits.ungroup, "Ungroup")
        self._fill()

    @Slot()
    def _on_seed(self) -> None:
        self.exceptions.setChecked(True)
        self._change(lambda view: group_edits.all_but(view, self._seeds), "Group")

    @Slot(int)
    def _on_statistic(self, place: int) -> None:
        chosen = Statistic(self.statistic.itemData(place))
        self._change(lambda view: replace(view, statistic=chosen), "Statistic of Groups")

    @Slot(QListWidgetItem)
    def _on_checked(self, item: QListWidgetItem) -> None:
        self.toggle(item.data(COLUMN_ROLE))

    @Slot(QListWidgetItem)
    def _on_activated(self, item: QListWidgetItem) -> None:
        if item.data(COLUMN_ROLE) is not None:
            self.toggle(item.data(COLUMN_ROLE))

    # What is listed

    def _on_tags(self, tags: list[Column]) -> None:
        self._tags = tuple(tags)
        self._fill()

    @Slot()
    def _fill(self) -> None:
        view, current = self._session.view, self.current
        exceptions = self.exceptions.isChecked()
        chosen = view.group_except if exceptions else view.group_by
        lines = choices(view, self._feed.natural, self._tags, self.field.text(), exceptions=exceptions)
        self.list.blockSignals(True)
        self.list.clear()
        for line in lines:
            self.list.addItem(_heading(line, self.list) if isinstance(line, str) else _line(line, line in chosen))
        self.list.blockSignals(False)
        self.clear.setEnabled(view.grouped)
        self.statistic.setCurrentIndex(list(Statistic).index(view.statistic))
        self._keys.go_to(lines.index(current) if current in lines else 0)


def _heading(text: str, parent: QWidget) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    item.setFont(scaled(parent.font(), SMALL))
    item.setForeground(parent.palette().placeholderText())
    item.setTextAlignment(Qt.AlignmentFlag.AlignBottom)
    item.setSizeHint(QSize(0, parent.fontMetrics().height() + 10))
    return item


def _line(column: Column, chosen: bool) -> QListWidgetItem:
    item = QListWidgetItem(column.heading)
    item.setData(COLUMN_ROLE, column)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
    item.setCheckState(Qt.CheckState.Checked if chosen else Qt.CheckState.Unchecked)
    item.setToolTip(column.id)
    return item


def open_chooser(session: Session, feed: RunFeed, button: QWidget) -> GroupChooser:
    """Open the list under a button."""
    chooser = GroupChooser(session, feed, button.window())
    corner = button.mapToGlobal(button.rect().bottomLeft())
    corner.setY(corner.y() + 4)
    chooser.open_at(corner)
    chooser.field.setFocus()
    return chooser
