"""Texts: lines as they come into sight, found, selected and copied."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from runfolio.core.errors import CannotShow
from runfolio.gui.inspector.highlight import CODE_ROLES
from runfolio.gui.inspector.highlight_questions import AskHtml, colored
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.text import TextViewer
from runfolio.gui.viewers.text_questions import ROLE_NAMES, colors_of
from runfolio.gui.viewers.text_view import MOST_COPIED, PAGE, shown
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question
from tests.gui.viewers.conftest import Refused, Show

CODE = b'import os\n\n\ndef main() -> None:\n    """Over\n    two lines."""\n    return "text"  # words\n'


def text(show: Show, path: str, data: bytes) -> TextViewer:
    viewer = show(path, data)
    assert isinstance(viewer, TextViewer)
    return viewer


def test_a_text_is_shown_with_the_colours_of_its_language(qtbot: QtBot, show: Show, stage: Stage) -> None:
    viewer = text(show, "train.py", CODE)
    qtbot.waitUntil(lambda: viewer.view.line(3) == "def main() -> None:")

    def colors() -> list[str]:
        page = viewer.view._pages[0]
        return [ROLE_NAMES[spans[0]] for spans in page.spans if spans] if page is not None else []

    qtbot.waitUntil(lambda: colors()[:2] == ["code_keyword", "code_keyword"], timeout=20_000)
    assert "UTF-8 · 7 lines" in stage._facts.text()


def test_only_what_is_in_sight_of_a_long_text_is_read(qtbot: QtBot, show: Show) -> None:
    lines = 300_000
    viewer = text(show, "long.log", b"".join(b"line %d\n" % at for at in range(lines)))
    qtbot.waitUntil(lambda: viewer.view.lines == lines)
    viewer.view.verticalScrollBar().setValue(lines - 10)
    qtbot.waitUntil(lambda: viewer.view.line(lines - 1) == f"line {lines - 1}")
    assert viewer.view.line(lines // 2) is None
    assert len(viewer.view._pages) <= 4


def test_words_are_found_forwards_and_backwards_and_round_the_end(qtbot: QtBot, show: Show) -> None:
    viewer = text(show, "a.txt", b"one\ntwo\none more\nthree\n")
    qtbot.waitUntil(lambda: viewer.view.line(0) == "one")
    viewer.search.setText("ONE")
    found = []
    for step in (viewer.find_next, viewer.find_next, viewer.find_next, viewer.find_previous):
        viewer._found.setText("")
        step()
        qtbot.waitUntil(lambda: viewer._found.text().startswith("line"))
        found.append(viewer._found.text())
    assert found == ["line 1", "line 3", "line 1", "line 3"]
    viewer.search.setText("nowhere")
    viewer.find_next()
    qtbot.waitUntil(lambda: viewer._found.text() == "It is not there.")


@pytest.mark.parametrize("backwards", [False, True])
def test_what_is_nowhere_in_a_long_text_is_looked_for_once(qtbot: QtBot, show: Show, backwards: bool) -> None:
    viewer = text(show, "a.txt", b"some words in a line\n" * 300_000)
    qtbot.waitUntil(lambda: viewer.view.lines > 300_000 - 2)
    viewer.view.go_to(200_000, 0, 4)
    viewer.search.setText("nowhere")
    viewer.find_previous() if backwards else viewer.find_next()
    qtbot.waitUntil(lambda: viewer._found.text() == "It is not there.", timeout=30_000)


def test_what_is_selected_is_copied(qtbot: QtBot, show: Show) -> None:
    viewer = text(show, "a.txt", b"first\nsecond\nthird\n")
    view = viewer.view
    qtbot.waitUntil(lambda: view.line(2) == "third")
    across, down = view._gutter + 9, view._height
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(across + view._advance("fi"), down // 2))
    qtbot.mouseMove(view.viewport(), QPoint(across + view._advance("sec"), down + down // 2))
    view.selected.cursor = view.place_at(QPoint(across + view._advance("sec"), down + down // 2))
    view.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "rst\nsec")
    view.select_all()
    view.copy()
    qtbot.waitUntil(lambda: QGuiApplication.clipboard().text() == "first\nsecond\nthird")


def test_what_is_left_out_of_a_very_large_copy_is_told(qtbot: QtBot, show: Show, stage: Stage) -> None:
    viewer = text(show, "a.txt", b"word\n" * (MOST_COPIED + 5))
    told: list[str] = []
    stage._session.message.connect(lambda message: told.append(message.text))
    qtbot.waitUntil(lambda: viewer.view.lines > MOST_COPIED)
    viewer.view.select_all()
    viewer.view.copy()
    qtbot.waitUntil(lambda: told == [f"Copied the first {MOST_COPIED:,} of {viewer.view.lines:,} lines"])
    assert QGuiApplication.clipboard().text().count("word") == MOST_COPIED


def test_a_double_click_selects_a_word(qtbot: QtBot, show: Show) -> None:
    view = text(show, "a.txt", b"some_word here\n").view
    qtbot.waitUntil(lambda: view.line(0) is not None)
    where = QPoint(view._gutter + 9 + view._advance("some"), view._height // 2)
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert view.selected.span == ((0, 0), (0, 9))


@pytest.mark.parametrize(
    ("name", "data", "line"),
    [
        ("latin.txt", b"caf\xe9\n", "café"),
        ("wide.txt", "häßlich\n".encode("utf-16"), "häßlich"),
        ("bad.txt", b"ab\xff\xfe\x80cd\n", None),
        ("long.js", b"[" * 2_000_000, None),
        ("deep.py", b"(" * 100_000 + b"\n", None),
        ("control.txt", b"a\x1b[31mb\x07\n", "a\x1b[31mb\x07"),
    ],
)
def test_a_strange_text_is_shown_all_the_same(
    qtbot: QtBot, show: Show, name: str, data: bytes, line: str | None
) -> None:
    viewer = text(show, name, data)
    qtbot.waitUntil(lambda: viewer.view.line(0) is not None, timeout=20_000)
    if line is not None:
        assert viewer.view.line(0) == line
    viewer.view.grab()


def test_an_empty_text_says_so(refused: Refused) -> None:
    assert "empty" in refused("a.txt", b"")


def test_what_cannot_be_seen_is_a_sign_and_tabs_are_blanks() -> None:
    assert shown("a\tb") == "a   b" and len(shown("\x1b\x07")) == 2 and shown("\x1b").isprintable()


def test_a_text_over_lines_keeps_its_colour() -> None:
    spans = colors_of("a.py", tuple(CODE.decode().splitlines()))
    assert {ROLE_NAMES[role] for role in spans[5][::2]} >= {"code_string"}
    assert [sum(one[1::2]) for one in spans] == [len(line) for line in CODE.decode().splitlines()]
    assert PAGE > 0 and colors_of("a.unknown", ("x",)) == []


def test_a_text_whose_colours_take_too_long_is_plain_in_the_inspector() -> None:
    asked: list[Any] = []

    def ask(question: Question[Any], /) -> Any:
        asked.append(question)
        raise CannotShow("To show this takes longer than 3 seconds.")

    assert colored("a.py", "a < b", {"code_name": "#000000"}, ask) == "<pre>a &lt; b</pre>"
    assert [one.text for one in asked] == ["a < b"]


@pytest.mark.parametrize(("text", "is_plain"), [("def f():\n    return 1", False), ("x = '" + "a" * 5_000 + "'", True)])
def test_lines_that_are_too_long_for_patterns_have_no_colours(text: str, is_plain: bool) -> None:
    colors = tuple((role, "#123456") for role in CODE_ROLES)
    assert ("#123456" not in AskHtml("a.py", text, colors).answer(Kept())) is is_plain
