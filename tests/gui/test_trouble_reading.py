"""The store is busy when something is read: nothing is forgotten, and all is shown once the store is well again."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from runfolio.core.columns import SortKey, metric, param
from runfolio.core.errors import StoreBusy
from runfolio.core.states import RunStatus
from runfolio.core.views import View
from runfolio.gui import checking, refresh
from runfolio.gui.checking import Checker
from runfolio.gui.compare import page as page_module
from runfolio.gui.compare.reading import Compared, Question, compare
from runfolio.gui.inspector import panel as panel_module
from runfolio.gui.inspector.panel import METRICS, OVERVIEW, Inspector
from runfolio.gui.inspector.reading import read
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.messages import Message
from runfolio.gui.runs import feed as feed_module
from runfolio.gui.runs import rows, sums, trends
from runfolio.gui.runs.cache import PAGE
from runfolio.gui.runs.feed import RunFeed
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.checks import due
from tests.gui.comparing import compared, listed
from tests.gui.conftest import Opener
from tests.gui.held import Held
from tests.gui.writing import log_optimizers
from tests.store.script import Script

OPTIMIZER, ACC = param("optimizer"), metric("acc")
Fail = Callable[[ModuleType, str], None]


@pytest.fixture
def fail(monkeypatch: pytest.MonkeyPatch) -> Fail:
    """Has the next two calls of a function fail, as if another process held the store."""

    def fail(module: ModuleType, name: str) -> None:
        function, left = getattr(module, name), [1, 1]

        def failing(*given: Any, **named: Any) -> Any:
            if left:
                left.pop()
                raise StoreBusy("busy")
            return function(*given, **named)

        monkeypatch.setattr(module, name, failing)

    return fail


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses for the sake of a user, or of the store."""
    for module, name in (
        (feed_module, "SORT_PACE"),
        (feed_module, "COLUMN_PACE"),
        (feed_module, "GROUP_PACE"),
        (trends, "PACE"),
        (refresh, "TROUBLE_MS"),
        (checking, "TROUBLE_MS"),
        (checking, "START_MS"),
        (checking, "PAUSE_MS"),
    ):
        monkeypatch.setattr(module, name, 2)


@pytest.fixture
def runs(script: Script) -> list[str]:
    """Those have ended."""
    started = log_optimizers(script, before=[0.0])
    for run in started:
        script.end(run)
    script.take()
    return started


@pytest.fixture
def messages() -> list[str]:
    return []


@pytest.fixture
def session(runs: list[str], messages: list[str], session: Session) -> Session:
    """One that begins with these runs, and tells its messages."""
    session.message.connect(lambda message: messages.append(message.text) if isinstance(message, Message) else None)
    return session


def texts(feed: RunFeed) -> list[str]:
    """What stands in the column of the metric."""
    return [feed.model.text(row, ACC) for row in range(feed.model.rowCount()) if ACC in feed.model.columns]


def values(feed: RunFeed) -> list[float]:
    return [float(text) for text in texts(feed) if text]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (feed_module, "read_first_page"),
        (feed_module, "read_columns"),
        (feed_module, "read_table"),
        (trends, "read_pictures"),
    ],
)
def test_a_table_is_whole_in_the_end(
    qtbot: QtBot, session: Session, messages: list[str], fail: Fail, module: ModuleType, name: str
) -> None:
    fail(module, name)
    feed = RunFeed(session, session)
    session.select_experiments([1])
    if name == "read_table":
        session.set_view(View(filter="metrics.acc > 0.3"))
    wanted = [0.75, 0.5] if session.view.filter else [0.75, 0.25, 0.5]
    qtbot.waitUntil(lambda: values(feed) == wanted)
    qtbot.waitUntil(lambda: feed.model.share(ACC, 0.5) is not None)
    qtbot.waitUntil(lambda: feed.trends.picture(1, "acc") is not None)
    qtbot.waitUntil(lambda: feed.settled)
    assert len(messages) == 1, "it is told once, however often it is tried"


def test_groups_are_summed_up_in_the_end(qtbot: QtBot, session: Session, messages: list[str], fail: Fail) -> None:
    fail(sums, "read_sums")
    feed = RunFeed(session, session)
    session.set_view(View(group_by=(OPTIMIZER,)))
    session.select_experiments([1])
    qtbot.waitUntil(lambda: texts(feed) == ["0.38 ± 0.18 (n=2)", "0.7500 (n=1)"])
    assert messages == ["The groups could not be summed up. busy"]


def test_groups_follow_in_the_end(qtbot: QtBot, session: Session, script: Script, runs: list[str], fail: Fail) -> None:
    feed = RunFeed(session, session)
    session.set_view(View(group_by=(OPTIMIZER,), order=(SortKey(ACC),)))
    session.select_experiments([1])
    qtbot.waitUntil(lambda: texts(feed) == ["0.38 ± 0.18 (n=2)", "0.7500 (n=1)"])
    fail(feed_module, "read_table")
    script.log(runs[0], "acc", [0.95], [2])
    script.take()
    qtbot.waitUntil(lambda: texts(feed) == ["0.60 ± 0.49 (n=2)", "0.7500 (n=1)"])


def test_rows_follow_in_the_end(qtbot: QtBot, session: Session, script: Script, runs: list[str], fail: Fail) -> None:
    feed = RunFeed(session, session)
    session.select_experiments([1])
    qtbot.waitUntil(lambda: values(feed) == [0.75, 0.25, 0.5] and feed.settled)
    fail(rows, "read_rows")
    script.log(runs[0], "acc", [0.95], [2])
    script.take()
    qtbot.waitUntil(lambda: values(feed) == [0.75, 0.25, 0.95])


def test_a_page_that_is_looked_at_comes_in_the_end(
    qtbot: QtBot, session: Session, script: Script, messages: list[str], fail: Fail
) -> None:
    for number in range(PAGE):
        script.start(name=f"more {number}")
    script.take()
    feed = RunFeed(session, session)
    session.select_experiments([1])
    qtbot.waitUntil(lambda: feed.model.rowCount() == PAGE + 3 and feed.settled)
    fail(rows, "read_rows")
    assert feed.model.text(PAGE + 2, ACC) == "", "the last page has not been read, and is asked for now"
    last = feed.model.ids[PAGE + 2]
    qtbot.waitUntil(lambda: any(row.id == last for row in feed.model.last_read(PAGE)))
    assert feed.model.text(PAGE + 2, ACC) == "0.5000"
    assert set(messages) == {"Rows could not be read. busy"}, "once for each of the two ways in which rows are read"


def test_curves_of_one_run_follow_in_the_end(
    qtbot: QtBot, session: Session, script: Script, runs: list[str], fail: Fail
) -> None:
    sparks = Sparks(session, session)
    sparks.set_run(1, {})
    qtbot.waitUntil(lambda: sparks.picture("acc") is not None)
    fail(trends, "read_pictures")
    script.log(runs[0], "acc", [0.95], [2])
    script.take()
    sparks.mark()
    with qtbot.waitSignal(sparks.came):  # from now on, it may be old
        pass
    sparks.picture("acc")
    with qtbot.waitSignal(sparks.came):
        pass
    picture = sparks.picture("acc")
    assert picture is not None and len(picture.y) == 3


@pytest.fixture
def inspector(qtbot: QtBot, session: Session) -> Inspector:
    """It shows the metrics of the first run."""
    one = Inspector(session)
    qtbot.addWidget(one)
    with qtbot.waitExposed(one):
        one.show()
    session.select_runs([1], 1)
    qtbot.waitUntil(lambda: one.settled and one.details is not None)
    one.tabs.setCurrentIndex(METRICS)
    assert one.page(METRICS).isVisible()
    return one


def test_the_page_that_was_chosen_comes_in_the_end(
    qtbot: QtBot, inspector: Inspector, messages: list[str], fail: Fail
) -> None:
    fail(panel_module, "read")
    inspector.tabs.setCurrentIndex(OVERVIEW)
    qtbot.waitUntil(lambda: inspector.settled)
    assert inspector.overview.isVisible() and inspector.tabs.currentIndex() == OVERVIEW
    assert messages == ["The run could not be read. busy"]


def test_a_page_that_comes_late_does_not_replace_the_one_chosen_since(
    qtbot: QtBot, inspector: Inspector, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = Held(read)
    monkeypatch.setattr(panel_module, "read", late)
    inspector.tabs.setCurrentIndex(OVERVIEW)
    qtbot.waitUntil(late.read.is_set)
    inspector.tabs.setCurrentIndex(METRICS)
    late.let_go()
    qtbot.waitUntil(lambda: inspector.settled)
    assert inspector.page(METRICS).isVisible() and inspector.tabs.currentIndex() == METRICS


def test_what_could_not_be_compared_before_the_page_was_left_is_when_it_is_shown_again(
    qtbot: QtBot, runs: list[str], store: Store, open_window: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = listed(qtbot, open_window(store), len(runs))
    page = compared(qtbot, window)
    busy = [True]

    def failing(store: Store, question: Question) -> Compared:
        if busy:
            raise StoreBusy("busy")
        return compare(store, question)

    monkeypatch.setattr(page_module, "compare", failing)
    with qtbot.waitSignal(window.session.message, check_params_cb=lambda message: "compared" in message.text):
        window.session.set_view(View(filter="metrics.acc > 0.3"))
    window.actions_by_id["view.charts"].trigger()
    qtbot.waitUntil(lambda: page.isHidden() and page._refresh.idle)
    busy.clear()
    assert page.compared is not None and len(page.compared.runs) == 3
    window.actions_by_id["view.compare"].trigger()
    qtbot.waitUntil(lambda: page.settled and page.compared is not None and len(page.compared.runs) == 2)


@pytest.mark.parametrize("name", ["look_at", "keep"])
def test_every_run_is_checked_in_the_end(
    qtbot: QtBot, session: Session, store: Store, script: Script, runs: list[str], fail: Fail, name: str
) -> None:
    fail(checking, name)
    checker = Checker(session)
    qtbot.waitUntil(lambda: checker.idle)
    assert due(store, 10) == []
    fail(checking, name)
    script.event("run", runs[0], **script._origin)
    script.end(runs[0], RunStatus.FAILED)
    script.take()
    qtbot.waitUntil(lambda: checker.idle and due(store, 10) == [])
    checker.stop()
