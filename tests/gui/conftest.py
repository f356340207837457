"""A whole window on a store, made and taken down as the program does it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.gui.curves.plot import Plot
from runfolio.gui.main_window import MainWindow
from runfolio.gui.runs import rolling
from runfolio.gui.session import Session
from runfolio.gui.theme import Mode, Theme
from runfolio.gui.windows import Windows
from runfolio.store import Store
from tests.gui.charting import DARK
from tests.gui.writing import Writer
from tests.store.script import Script

Opener = Callable[[Store], MainWindow]


@pytest.fixture(autouse=True)
def whole_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of a table that has just been scrolled is whole, however busy the machine is."""
    monkeypatch.setattr(rolling, "TIME", 60.0)


@pytest.fixture(scope="session", autouse=True)
def clipboard_left_empty(qapp: QApplication) -> Iterator[None]:
    """Without a screen, Qt lets go of what was copied when Python is gone already, which it needs for that."""
    yield
    qapp.clipboard().clear()


@pytest.fixture
def script(store: Store) -> Iterator[Script]:
    """A training script that logs into the store."""
    with Script(store) as one:
        yield one


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    """A script that logs to the store, in this process."""
    one = Writer(store.path)
    yield one
    one.close()


@pytest.fixture
def theme(qtbot: QtBot, qapp: QApplication) -> Iterator[Theme]:
    """The dark theme, applied."""
    theme = Theme(Mode.DARK)
    theme.apply()
    yield theme
    # Its symbols go with it, and what is shown later would miss them.
    qapp.setStyleSheet("")


@pytest.fixture
def session(qtbot: QtBot, store: Store) -> Iterator[Session]:
    """A session that follows the store."""
    one = Session(store, Theme(Mode.DARK))
    one.start()
    yield one
    one.close()


@pytest.fixture
def plot(qtbot: QtBot) -> Plot:
    """A chart on the screen."""
    chart = Plot(DARK)
    qtbot.addWidget(chart)
    chart.resize(320, 240)
    with qtbot.waitExposed(chart):
        chart.show()
    return chart


@pytest.fixture
def open_window(qtbot: QtBot, theme: Theme) -> Iterator[Opener]:
    """Opens windows, and closes them at the end."""
    windows = Windows(theme)

    def opened(store: Store) -> MainWindow:
        window = windows.open(store)
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.page.charts is not None)
        return window

    yield opened
    windows.close_all()
