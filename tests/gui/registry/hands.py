"""What a user does on the board: cards are found, dragged with the mouse, and their stages looked up."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.board import Board
from runfolio.gui.registry.card_list import CardList
from runfolio.gui.registry.column import StageColumn
from runfolio.store import Store
from runfolio.store.registry.reading import list_versions
from tests.gui.registry.conftest import CHURN, page_of

LEFT, PLAIN = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def board_of(window: MainWindow) -> Board:
    """The board that a window shows."""
    board = page_of(window).shown
    assert isinstance(board, Board)
    return board


def column(window: MainWindow, stage: str) -> StageColumn:
    """The column of a stage."""
    found = board_of(window).columns.of(stage)
    assert found is not None
    return found


def shown(window: MainWindow) -> dict[str, list[int]]:
    """The versions of each column, from the top."""
    columns = board_of(window).columns.columns
    return {one.stage: [card.number for card in one.list.cards.cards] for one in columns}


def stored(store: Store, name: str = CHURN) -> dict[int, str]:
    """The stage of each version in the store."""
    return {one.version: one.stage for one in list_versions(store, name)}


def list_of(window: MainWindow, version: int) -> CardList:
    """The list that a version is in."""
    return next(one.list for one in board_of(window).columns.columns if one.list.cards.find(version).isValid())


def place_of(window: MainWindow, version: int) -> QPoint:
    """The middle of a card, in its list."""
    cards = list_of(window, version)
    return cards.visualRect(cards.cards.find(version)).center()


def click(window: MainWindow, version: int, modifier: Qt.KeyboardModifier = PLAIN) -> None:
    """Click on a card."""
    QTest.mouseClick(list_of(window, version).viewport(), LEFT, modifier, place_of(window, version))


def take_hold(window: MainWindow, version: int) -> CardList:
    """Press on a card and move the mouse until it goes along."""
    cards, start = list_of(window, version), place_of(window, version)
    QTest.mousePress(cards.viewport(), LEFT, PLAIN, start)
    for step in (2, 8, 20):
        QTest.mouseMove(cards.viewport(), start + QPoint(step, 0))
    return cards


def carry(window: MainWindow, cards: CardList, stage: str) -> QPoint:
    """Move what is carried over a column; returns the place, for the release."""
    there = column(window, stage)
    place = cards.viewport().mapFromGlobal(there.mapToGlobal(QPoint(there.width() // 2, there.height() // 2)))
    QTest.mouseMove(cards.viewport(), place)
    return place


def let_go(cards: CardList, place: QPoint) -> None:
    """Release the mouse."""
    QTest.mouseRelease(cards.viewport(), LEFT, PLAIN, place)


def weighed(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until the gates have said what they say to what is carried."""
    qtbot.waitUntil(lambda: bool(board_of(window).carrying.weighed))


def drag(qtbot: QtBot, window: MainWindow, version: int, stage: str) -> str:
    """Drag a card onto a column and drop it there; returns what the column said before."""
    cards = take_hold(window, version)
    place = carry(window, cards, stage)
    weighed(qtbot, window)
    said = column(window, stage).verdict.text
    let_go(cards, place)
    return said
