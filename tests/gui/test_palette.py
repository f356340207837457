"""The command palette: what it offers first, and that the keyboard is enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from runfolio.gui.chrome.palette import SHOWN, Entry, Palette, ranked

Key = Qt.Key
COMMANDS = ("Copy Run Id", "Rename Run", "Run Table", "Quit")


class Chosen(list[str]):
    """The titles of the entries that were chosen."""

    def entries(self, *titles: str) -> list[Entry]:
        return [Entry(title, "", "", lambda title=title: self.append(title)) for title in titles]  # type: ignore[misc]


@pytest.fixture
def chosen() -> Chosen:
    return Chosen()


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QWidget]:
    one = QWidget()
    qtbot.addWidget(one)
    one.resize(900, 600)
    with qtbot.waitExposed(one):
        one.show()
    yield one


@pytest.fixture
def palette(window: QWidget, chosen: Chosen) -> Palette:
    return opened(window, chosen.entries(*COMMANDS))


def opened(window: QWidget, entries: Sequence[Entry]) -> Palette:
    palette = Palette(entries, QColor("gray"), window)
    palette.open_over(window)
    return palette


def titles(entries: Sequence[Entry]) -> list[str]:
    return [entry.title for entry in entries]


def shown(palette: Palette) -> list[str]:
    return [palette.list.item(row).text() for row in range(palette.list.count())]


def current(palette: Palette) -> str:
    return palette.list.currentItem().text()


def press(qtbot: QtBot, palette: Palette, *keys: Key) -> None:
    for key in keys:
        qtbot.keyClick(palette.field, key)


# Ranking


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["Copy Run Id", "Rename Run", "Run Table", "Quit"]),
        ("RUN", ["Run Table", "Copy Run Id", "Rename Run"]),
        ("run re", ["Rename Run"]),
        ("  run  ", ["Run Table", "Copy Run Id", "Rename Run"]),
        ("run run", ["Run Table", "Copy Run Id", "Rename Run"]),
        ("q", ["Quit"]),
        ("runs", []),
        (".*", []),
    ],
)
def test_the_best_comes_first(chosen: Chosen, text: str, expected: list[str]) -> None:
    assert titles(ranked(chosen.entries(*COMMANDS), text)) == expected


NAMES = st.lists(st.text("aAbB ß/İ", min_size=1, max_size=6), max_size=8)


@given(NAMES, st.text("aAbBİ ", max_size=3))
def test_ranking_offers_each_that_fits_and_beginnings_first(names: list[str], text: str) -> None:
    words = text.lower().split()
    found = titles(ranked(Chosen().entries(*names), text))
    assert sorted(found) == sorted(name for name in names if all(word in name.lower() for word in words))
    begins = [name.lower().startswith(text.lower()) for name in found]
    assert begins == sorted(begins, reverse=True) or not words
    if words and all(begins):
        assert found == [name for name in names if name in found], "equals stay in their order"


def test_no_more_than_can_be_looked_through(chosen: Chosen) -> None:
    entries = chosen.entries(*(f"run {number}" for number in range(SHOWN * 3)))
    assert titles(ranked(entries, "run")) == titles(entries)[:SHOWN]


# Keyboard


def test_it_opens_ready_for_typing(palette: Palette, window: QWidget) -> None:
    assert palette.isVisible() and shown(palette) == list(COMMANDS)
    assert palette.focusWidget() is palette.field
    assert current(palette) == "Copy Run Id"
    palette.close()


def test_typing_narrows_and_return_chooses_the_first(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    qtbot.keyClicks(palette.field, "run")
    assert shown(palette) == ["Run Table", "Copy Run Id", "Rename Run"]
    assert current(palette) == "Run Table"
    with qtbot.waitSignal(palette.destroyed):
        press(qtbot, palette, Key.Key_Return)
    assert chosen == ["Run Table"]


def test_arrows_move_and_stop_at_the_ends(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    steps = [
        (Key.Key_Down, "Rename Run"),
        (Key.Key_Up, "Copy Run Id"),
        (Key.Key_Up, "Copy Run Id"),
        (Key.Key_PageDown, "Quit"),
        (Key.Key_Down, "Quit"),
        (Key.Key_PageUp, "Copy Run Id"),
        (Key.Key_Down, "Rename Run"),
    ]
    for key, expected in steps:
        press(qtbot, palette, key)
        assert current(palette) == expected
    press(qtbot, palette, Key.Key_Enter)
    assert chosen == ["Rename Run"]


def test_escape_leaves_without_choosing(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    press(qtbot, palette, Key.Key_Down)
    with qtbot.waitSignal(palette.destroyed):
        press(qtbot, palette, Key.Key_Escape)
    assert chosen == []


def test_return_on_nothing_does_nothing(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    qtbot.keyClicks(palette.field, "xyz")
    press(qtbot, palette, Key.Key_Down, Key.Key_Up, Key.Key_Return)
    assert palette.isVisible() and shown(palette) == chosen == []
    palette.field.clear()
    assert shown(palette) == list(COMMANDS)
    palette.close()


def test_a_click_chooses(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    place = palette.list.visualItemRect(palette.list.item(1)).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["Rename Run"]


def test_it_is_gone_before_what_was_chosen_happens(qtbot: QtBot, window: QWidget) -> None:
    visible: list[bool] = []
    one = opened(window, [Entry("One", "", "", lambda: visible.append(one.isVisible()))])
    press(qtbot, one, Key.Key_Return)
    assert visible == [False]


# What is found later


def test_each_text_is_asked_for(qtbot: QtBot, window: QWidget, chosen: Chosen) -> None:
    palette = Palette(chosen.entries(*COMMANDS), QColor("gray"), window)
    asked: list[str] = []
    palette.asked.connect(asked.append)
    palette.open_over(window)
    qtbot.keyClicks(palette.field, "ab")
    press(qtbot, palette, Key.Key_Backspace)
    assert asked == ["", "a", "ab", "a"]
    palette.close()


def test_what_is_found_is_offered_in_place_of_what_was(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    qtbot.keyClicks(palette.field, "re")
    palette.add(chosen.entries("rerun", "retry", "other"))
    assert shown(palette) == ["Rename Run", "rerun", "retry"], "what does not fit any more is left out"
    palette.add(chosen.entries("resnet"))
    assert shown(palette) == ["Rename Run", "resnet"]
    press(qtbot, palette, Key.Key_Down, Key.Key_Return)
    assert chosen == ["resnet"]


def test_what_is_found_where_nothing_was_can_be_chosen_at_once(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    qtbot.keyClicks(palette.field, "zebra")
    palette.add(chosen.entries("zebra-1", "zebra-2"))
    press(qtbot, palette, Key.Key_Return)
    assert chosen == ["zebra-1"]


def test_a_place_beyond_what_is_left_becomes_the_last(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    palette.add(chosen.entries("a", "b", "c"))
    press(qtbot, palette, Key.Key_PageDown)
    assert current(palette) == "c"
    palette.add([])
    assert current(palette) == "Quit"
    palette.close()


def test_what_is_found_does_not_move_the_choice(qtbot: QtBot, palette: Palette, chosen: Chosen) -> None:
    qtbot.keyClicks(palette.field, "run")
    press(qtbot, palette, Key.Key_Down)
    assert current(palette) == "Copy Run Id"
    palette.add(chosen.entries("run-7", "run-8"))
    press(qtbot, palette, Key.Key_Return)
    assert chosen == ["Copy Run Id"]


def test_a_long_title_is_cut_off_and_the_list_does_not_move_sideways(window: QWidget, chosen: Chosen) -> None:
    palette = opened(window, chosen.entries("nlp/" + "very-long-name-" * 40, "short"))
    assert palette.list.horizontalScrollBar().maximum() == 0
    assert palette.list.visualItemRect(palette.list.item(0)).width() <= palette.list.viewport().width()
