"""The main window: it places the parts and passes commands on, nothing more."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QSettings, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QFileDialog, QMainWindow, QMenu, QWidget

from runfolio.gui import actions, finding, focus_order, going
from runfolio.gui.chrome.message_strip import MessageStrip
from runfolio.gui.chrome.shortcut_map import ShortcutMap
from runfolio.gui.chrome.status_bar import StatusBar
from runfolio.gui.chrome.store_menu import StoreMenu
from runfolio.gui.chrome.top_bar import TopBar
from runfolio.gui.dropping import FileDrop
from runfolio.gui.inspector.panel import Inspector
from runfolio.gui.middle import TRASH, Middle, makers
from runfolio.gui.navigator import Navigator
from runfolio.gui.page import RunsPage
from runfolio.gui.parts import add_parts
from runfolio.gui.projects.section import project_drop
from runfolio.gui.queue.entry import JobsLink
from runfolio.gui.registry.version.zone import InspectorZone
from runfolio.gui.runs import RunTable
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode
from runfolio.gui.views.files import is_view_file, open_file
from runfolio.store.runs import get_run

LAYOUT_VERSION = 1
CHARTS_AFTER_MS = 150
# How wide navigator and inspector are in a window of at least some width.
ZONES = ((1400, [248, 346]), (1000, [196, 300]), (0, [168, 260]))
# What a window manager may put around a window.
FRAME = QSize(16, 48)


class MainWindow(QMainWindow):
    """Navigator left, runs in the middle, inspector right.

    Attributes:
        session: what all parts share.
        navigator, page, inspector: the three zones.
        zone: holds the inspector of runs, and that of versions in its place.
        middle: holds the page of runs, and others in its place.

    Signals:
        store_wanted(str): the user chose another store.
        closed(): the window is going; what belongs to it can go too.
    """

    store_wanted = Signal(str)
    closed = Signal()

    def __init__(self, session: Session, kept: QSettings) -> None:
        super().__init__()
        self.session: Session = session
        self._kept = kept
        self.setWindowTitle(f"{session.store.name} – Runfolio")
        self.actions_by_id = actions.build(self)
        menu = QMenu(self)
        actions.fill_menu(menu, self.actions_by_id)
        stores = StoreMenu(session.store.path, self.actions_by_id["store.open"], self)
        stores.chosen.connect(self.store_wanted)
        self._bar = TopBar(session.theme, self.actions_by_id, menu, stores)
        self.setMenuWidget(self._bar)
        self.page: RunsPage = RunsPage(session, kept, self)
        self.middle = Middle(session, self.page, makers(session), self)
        self.setCentralWidget(self.middle)
        self.navigator: Navigator = Navigator(session, kept)
        self.inspector: Inspector = Inspector(session, kept)
        self.zone: InspectorZone = InspectorZone(self.inspector, session, kept)
        self._docks = {
            "navigator": self._dock("Navigator", self.navigator, Qt.DockWidgetArea.LeftDockWidgetArea),
            "inspector": self._dock("Inspector", self.zone, Qt.DockWidgetArea.RightDockWidgetArea),
        }
        self._status = StatusBar(session)
        self._status.add(JobsLink(session))
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self._status, 1)
        self.strip = MessageStrip(self, session.undo)
        view_file = (is_view_file, partial(open_file, self.page.views, session))
        FileDrop(
            self, [project_drop(self), (Path.is_dir, lambda folder: self.store_wanted.emit(str(folder))), view_file]
        )
        self._connect()
        add_parts(self)
        for name in ("store.demo", "store.open"):
            self.page.welcome.offer(self.actions_by_id[name])
        self._bar.set_store(session.store.name, str(session.store.path), session.store.read_only)
        self.resize(QSize(1600, 1000).boundedTo(self.screen().availableSize() - FRAME))
        self.reset_layout()
        self._restore()
        self._painted = False
        self.navigator.setFocus()

    @property
    def runs(self) -> RunTable:
        """The run table."""
        return self.page.table

    def copy_run_id(self) -> None:
        """Put the public id of the current run on the clipboard."""
        current = self.session.selection.current
        if current is not None:
            work = partial(get_run, self.session.store, current)
            self.session.jobs.read(work, lambda run: QGuiApplication.clipboard().setText(run.run_id))

    def refresh(self) -> None:
        """Read everything anew."""
        self.navigator.read()
        self.runs.feed.refresh()

    def toggle_theme(self) -> None:
        """From dark to light and back, from now on."""
        self.session.preferences.set("theme", str(Mode.LIGHT if self.session.theme.dark else Mode.DARK))

    def follow_system_theme(self) -> None:
        """Have the colours that the system has."""
        self.session.preferences.set("theme", str(Mode.SYSTEM))

    def toggle(self, name: str) -> None:
        """Hide or show a zone."""
        self._docks[name].setVisible(not self._docks[name].isVisible())

    def float(self, name: str) -> None:
        """Take a zone out of the window, or put it back."""
        self._docks[name].show()
        self._docks[name].setFloating(not self._docks[name].isFloating())

    def reset_layout(self) -> None:
        """All zones where they belong, in their usual widths."""
        for dock in self._docks.values():
            dock.setFloating(False)
            dock.show()
        widths = next(widths for least, widths in ZONES if self.width() >= least)
        self.resizeDocks(list(self._docks.values()), widths, Qt.Orientation.Horizontal)

    def choose_store(self) -> None:
        """Ask for a folder and have it opened."""
        folder = QFileDialog.getExistingDirectory(self, "Open store", str(self.session.store.path))
        if folder:
            self.store_wanted.emit(folder)

    def show_palette(self) -> None:
        """Open the command palette."""
        finding.open_palette(self)

    def show_settings(self) -> None:
        """Open the page of settings."""
        finding.open_settings(self)

    def open_again(self) -> None:
        """Open another window on the same store."""
        self.store_wanted.emit(str(self.session.store.path))

    def show_shortcuts(self) -> None:
        """Open the shortcut map."""
        ShortcutMap(actions.ACTIONS, self).show()

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes on in the order of reading."""
        return focus_order.step(self, forward)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The first time: on with the charts, whose drawing takes long to load, once the rows had time to come."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(CHARTS_AFTER_MS, self, self._add_charts)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._kept.setValue("geometry", self.saveGeometry())
        self._kept.setValue("state", self.saveState(LAYOUT_VERSION))
        self._kept.setValue("page", self.page.splitter.saveState())
        super().closeEvent(event)
        self.closed.emit()

    def _dock(self, title: str, content: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(content)
        # A title bar only while it floats: docked, the zone speaks for itself.
        dock.setTitleBarWidget(QWidget(dock))
        dock.topLevelChanged.connect(partial(_show_title, dock))
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        session = self.session
        session.message.connect(self.strip.tell)
        session.withdrawn.connect(self.strip.withdraw)
        session.selection_changed.connect(self._refresh_actions)
        session.undo.changed.connect(self._refresh_actions)
        looks = session.registry.model_changed, session.registry.versions_changed, session.projects.project_changed
        for changed in (*looks, session.queue.changed, session.serving.changed):
            changed.connect(self._refresh_actions)
        self.page.views.changed.connect(self._refresh_actions)
        self.navigator.shown.connect(self.page.set_experiments)
        self.navigator.shown.connect(self._status.set_experiments)
        self.navigator.chosen_changed.connect(self._refresh_actions)
        self.navigator.used.connect(self.middle.go_to_runs)
        self.navigator.table_asked.connect(partial(going.to_table, self))
        self.navigator.trash.clicked.connect(partial(self.middle.go_to, TRASH))
        self.navigator.trash.count_changed.connect(self._refresh_actions)
        self.middle.page_changed.connect(self.navigator.set_page)
        self.middle.page_changed.connect(self.zone.set_page)
        self.middle.page_changed.connect(self._refresh_actions)
        session.file_wanted.connect(partial(going.to_file, self))
        session.run_wanted.connect(partial(going.to_run, self))
        self.middle.left.connect(partial(going.to_table, self))
        self.navigator.menu_asked.connect(partial(self._show_context_menu, tree=True))
        self._status.set_fitting(self.page.table.feed.fitting)
        self.page.table.menu_asked.connect(self._show_context_menu)
        self.inspector.stepped.connect(self.page.table.step)
        self._refresh_actions()

    def _add_charts(self) -> None:
        from runfolio.gui.curves.panel import CurvesPanel

        self.page.add_charts(CurvesPanel(self.session, self.page, lambda: not self.runs.feed.listing))
        parts = self._kept.value("page")
        if isinstance(parts, QByteArray):
            self.page.splitter.restoreState(parts)

    def _restore(self) -> None:
        geometry, state = self._kept.value("geometry"), self._kept.value("state")
        if isinstance(geometry, QByteArray) and isinstance(state, QByteArray):
            self.restoreGeometry(geometry)
            self.restoreState(state, LAYOUT_VERSION)

    @Slot()
    def _refresh_actions(self) -> None:
        actions.refresh(self, self.actions_by_id)

    def _show_context_menu(self, place: QPoint, *, tree: bool = False) -> None:
        tree = tree and not self.navigator.tree.chosen_runs()
        menu = actions.context_menu(self.actions_by_id, self, tree=tree)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)


def _show_title(dock: QDockWidget, floating: bool) -> None:
    dock.setTitleBarWidget(None if floating else QWidget(dock))  # type: ignore[arg-type]
