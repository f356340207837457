"""The console of a run that is going: new output comes by itself, and what one reads there stays in place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from runfolio.client.active_run import ActiveRun
from runfolio.client.capture.console import ConsoleLog
from runfolio.core.states import RunStatus
from runfolio.core.views import View
from runfolio.gui.inspector import console_page
from runfolio.gui.inspector.console_page import ConsolePage
from runfolio.gui.inspector.console_text import ConsoleText, utf16_length
from runfolio.gui.inspector.panel import CONSOLE, Inspector
from runfolio.gui.main_window import ZONES
from runfolio.gui.session import Session
from runfolio.gui.theme import Theme
from runfolio.store import Store
from runfolio.store.artifacts import list_artifacts
from runfolio.store.console import read_console
from tests.gui.held import Held
from tests.gui.writing import Writer, number_of


@pytest.fixture
def run(writer: Writer) -> ActiveRun:
    return printing(writer.run("brave-otter"))


def printing(run: ActiveRun, name: str = "console.log") -> ActiveRun:
    """Have a run an output."""
    run.note_artifact(f"runfolio/{name}", 0)
    return run


@pytest.fixture
def log(run: ActiveRun, writer: Writer) -> Iterator[ConsoleLog]:
    """The run's output, with some lines in it."""
    one = ConsoleLog(run.folder / "runfolio" / "console.log")
    one.write("".join(f"line {number}\n" for number in range(200)))
    writer.commit()
    yield one
    one.close()


@pytest.fixture
def session(qtbot: QtBot, store: Store, theme: Theme) -> Iterator[Session]:
    one = Session(store, theme)
    one.start()
    yield one
    one.close()


@pytest.fixture
def inspector(qtbot: QtBot, session: Session, store: Store, run: ActiveRun, log: ConsoleLog) -> Inspector:
    one = Inspector(session)
    qtbot.addWidget(one)
    one.resize(340, 500)
    with qtbot.waitExposed(one):
        one.show()
    number = number_of(store, run)
    session.select_runs([number], number)
    qtbot.waitUntil(lambda: one.details is not None)
    one.tabs.setCurrentIndex(CONSOLE)
    qtbot.waitUntil(lambda: one.shown_page == CONSOLE)
    return one


def last_line(text: ConsoleText) -> str:
    return text.toPlainText().rstrip("\n").rsplit("\n", 1)[-1]


def at_end(text: ConsoleText) -> bool:
    return text.verticalScrollBar().value() == text.verticalScrollBar().maximum()


def test_new_output_comes_by_itself_and_the_end_is_followed(
    qtbot: QtBot, inspector: Inspector, log: ConsoleLog
) -> None:
    text = inspector.of(ConsolePage).text
    assert last_line(text) == "line 199" and at_end(text) and text.following
    log.write("a new line\n")
    qtbot.waitUntil(lambda: last_line(text) == "a new line")
    assert at_end(text)
    log.write("epoch 1  10%\repoch 1  20%\n")
    qtbot.waitUntil(lambda: last_line(text) == "epoch 1  20%")


def test_what_is_being_printed_is_as_large_as_it_is(inspector: Inspector, log: ConsoleLog, store: Store) -> None:
    assert inspector.details is not None
    (file,) = inspector.details.artifacts
    assert file.size == log.path.stat().st_size > 0
    log.path.with_name("console.log.2").write_bytes(b"more\n")
    (longer,) = list_artifacts(store, inspector.details.run.id)
    assert longer.size == file.size + 5


def test_all_tabs_are_seen_in_a_large_window(inspector: Inspector) -> None:
    _, (_, width) = ZONES[0]
    tabs = inspector.tabs
    for tab in range(tabs.count()):
        tabs.setTabVisible(tab, True)
    inspector.resize(width, 500)
    assert all(tabs.tabRect(tab).width() > 0 for tab in range(tabs.count()))
    assert tabs.sizeHint().width() <= tabs.width() < width


def test_a_line_that_is_written_anew_is_shown_once(qtbot: QtBot, inspector: Inspector, log: ConsoleLog) -> None:
    text = inspector.of(ConsolePage).text
    for share in (" 10%", " 50%", "100%"):
        log._shown_at = 0.0
        log.write(f"\r😀 epoch {share}")
        qtbot.waitUntil(lambda share=share: last_line(text) == f"😀 epoch {share}")  # type: ignore[misc]
    log.write("\ndone\n")
    qtbot.waitUntil(lambda: last_line(text) == "done")
    assert text.toPlainText().count("epoch") == 1


def test_what_one_reads_stays_in_place_until_one_wants_the_end(
    qtbot: QtBot, inspector: Inspector, log: ConsoleLog
) -> None:
    page = inspector.of(ConsolePage)
    page.text.verticalScrollBar().setValue(20)
    assert not page.text.following and page.end.isVisible()
    log.write("more\n" * 50)
    qtbot.waitUntil(lambda: last_line(page.text) == "more")
    assert page.text.verticalScrollBar().value() == 20
    page.end.click()
    assert at_end(page.text) and page.text.following and page.end.isHidden()


def test_what_one_reads_stays_in_place_when_the_run_is_read_as_a_whole(
    qtbot: QtBot, inspector: Inspector, session: Session, log: ConsoleLog
) -> None:
    text = inspector.of(ConsolePage).text
    text.verticalScrollBar().setValue(20)
    log.write("more\n")
    session.set_view(View("status = running"), "Filter")
    qtbot.waitUntil(lambda: inspector.settled and last_line(text) == "more")
    assert text.verticalScrollBar().value() == 20 and not text.following


@pytest.fixture
def late_poll(session: Session, inspector: Inspector, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    """The next look at the output has its answer, and keeps it."""
    held = Held(read_console)
    monkeypatch.setattr(console_page, "read_console", held)
    yield held
    held.let_go()


def test_an_answer_that_comes_after_the_run_was_left_and_shown_again_adds_nothing(
    qtbot: QtBot, inspector: Inspector, session: Session, store: Store, writer: Writer, log: ConsoleLog, late_poll: Held
) -> None:
    other = printing(writer.run("calm-owl"))
    (other.folder / "runfolio").mkdir(parents=True)
    (other.folder / "runfolio" / "console.log").write_text("of another run\n")
    writer.commit()
    qtbot.waitUntil(late_poll.read.is_set)
    log.write("printed once\n")
    text, (first,), second = inspector.of(ConsolePage).text, session.selection.told, number_of(store, other)
    session.select_runs([second], second)
    qtbot.waitUntil(lambda: text.toPlainText() == "of another run\n")
    session.select_runs([first], first)
    qtbot.waitUntil(lambda: last_line(text) == "printed once")
    late_poll.let_go()
    log.write("the last line\n")
    qtbot.waitUntil(lambda: last_line(text) == "the last line")
    assert text.toPlainText().count("printed once") == 1


def test_the_end_of_a_run_brings_the_last_lines_and_stops_the_looking(
    qtbot: QtBot, inspector: Inspector, run: ActiveRun, log: ConsoleLog, writer: Writer
) -> None:
    log.write("the last line\n")
    log.close()
    run.end(RunStatus.FINISHED)
    writer.commit()
    qtbot.waitUntil(lambda: last_line(inspector.of(ConsolePage).text) == "the last line")
    qtbot.waitUntil(lambda: not inspector.of(ConsolePage)._clock.isActive())


def test_nobody_looks_at_a_page_that_is_not_shown(qtbot: QtBot, inspector: Inspector, session: Session) -> None:
    assert inspector.of(ConsolePage)._clock.isActive()
    inspector.tabs.setCurrentIndex(0)
    qtbot.waitUntil(lambda: not inspector.of(ConsolePage)._clock.isActive())
    inspector.tabs.setCurrentIndex(CONSOLE)
    qtbot.waitUntil(lambda: inspector.of(ConsolePage)._clock.isActive())
    inspector.hide()
    assert not inspector.of(ConsolePage)._clock.isActive()
    inspector.show()
    qtbot.waitUntil(lambda: inspector.of(ConsolePage)._clock.isActive())
    session.select_runs([])
    assert not inspector.of(ConsolePage)._clock.isActive()


def test_of_several_outputs_the_latest_is_shown_and_another_can_be_chosen(
    qtbot: QtBot, inspector: Inspector, run: ActiveRun, writer: Writer
) -> None:
    (run.folder / "runfolio" / "console-2.log").write_text("gone on with\n")
    printing(run, "console-2.log")
    writer.commit()
    page = inspector.of(ConsolePage)
    qtbot.waitUntil(lambda: page.files.isVisible() and page.files.count() == 2)
    page.files.setCurrentText("runfolio/console-2.log")
    qtbot.waitUntil(lambda: page.text.toPlainText() == "gone on with\n")


def test_a_search_stays_where_it_is_while_lines_come(qtbot: QtBot, inspector: Inspector, log: ConsoleLog) -> None:
    page = inspector.of(ConsolePage)
    QTest.keyClicks(page.search, "line 150")
    assert page.found.text() == "1 of 1" and page.text.textCursor().selectedText() == "line 150"
    log.write("and more\n")
    qtbot.waitUntil(lambda: last_line(page.text) == "and more")
    assert page.text.textCursor().selectedText() == "line 150"
    QTest.keyClick(page.search, Qt.Key.Key_Escape)
    assert page.search.text() == "" and page.found.text() == ""


@pytest.mark.parametrize(("text", "length"), [("", 0), ("ab", 2), ("ü→", 2), ("😀", 2)])
def test_lengths_are_those_of_qts_documents(text: str, length: int) -> None:
    assert utf16_length(text) == length
