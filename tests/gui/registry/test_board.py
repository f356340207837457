"""The board: a column for each stage, cards that are dragged between them, and what gates say of that."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from runfolio.core.people import user_name
from runfolio.gui.main_window import MainWindow
from runfolio.gui.middle import RUNS
from runfolio.gui.registry.card_paint import pills
from runfolio.gui.registry.ghost import Ghost
from runfolio.store import Store, open_store
from runfolio.store.registry.aliases import set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.models import create_model
from runfolio.store.registry.policies import set_policy
from runfolio.store.registry.registering import Source, register
from runfolio.store.registry.transitions import transition
from runfolio.store.registry.versions import delete_version, describe_version
from tests.gui.registry.conftest import CHURN
from tests.gui.registry.hands import (
    CTRL,
    LEFT,
    PLAIN,
    board_of,
    carry,
    click,
    column,
    drag,
    let_go,
    list_of,
    place_of,
    shown,
    stored,
    take_hold,
    weighed,
)

START = {"None": [7, 5], "Staging": [6], "Production": [4], "Archived": [3, 2, 1]}
PROMOTED = {"None": [7, 5], "Staging": [], "Production": [6], "Archived": [4, 3, 2, 1]}
GATE = "gates: {Production: {checks: [{metric: auc, at_least: 0.94}, signature, description]}}"
ASKS = "gates: {Production: {when_failing: reason, checks: [{metric: auc, at_least: 0.99}]}}"
SIGNED = "gates: {Production: {checks: [signature, sign_off]}}"


def judged(qtbot: QtBot, window: MainWindow, text: str, version: int) -> None:
    """Wait until a card says this of the gates."""
    cards = list_of(window, version).cards
    qtbot.waitUntil(lambda: text in str(cards.find(version).data(Qt.ItemDataRole.AccessibleTextRole)))


def test_each_stage_has_a_column_with_its_cards(window: MainWindow) -> None:
    assert shown(window) == START
    cards = list_of(window, 6).cards
    QAbstractItemModelTester(cards, QAbstractItemModelTester.FailureReportingMode.Fatal, cards)
    told = str(cards.find(6).data(Qt.ItemDataRole.AccessibleTextRole))
    assert told == "v6, Staging, just now, auc 0.9470 · f1 0.8770, from heron-6"
    assert column(window, "Archived").list.accessibleName() == "Archived, 3 versions"


def test_a_card_says_what_the_gates_of_the_next_stage_say(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    describe_version(store, CHURN, 6, "For accounts older than 14 days")
    set_alias(store, CHURN, "challenger", 6)
    set_policy(store, CHURN, GATE)
    judged(qtbot, window, "@challenger", 6)
    judged(qtbot, window, "Production: 3 of 3 gates", 6)
    judged(qtbot, window, "Production: 1 gate fails: no description", 7)
    assert "Production" not in str(list_of(window, 3).cards.find(3).data(Qt.ItemDataRole.AccessibleTextRole))[4:]


def test_a_card_that_is_dropped_moves_and_the_holder_makes_room(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    assert drag(qtbot, window, 6, "Production") == "Drop to promote v6 to Production\n→ v4 moves to Archived"
    assert shown(window) == PROMOTED, "at once"
    qtbot.waitUntil(lambda: stored(store)[6] == "Production" and board_of(window).settled)
    assert stored(store)[4] == "Archived" and shown(window) == PROMOTED
    qtbot.waitUntil(lambda: window.session.undo.undo_text == f"Moved {CHURN} v6 to Production; v4 to Archived")
    assert window.session.registry.versions == (6,)


def test_the_move_is_on_screen_before_the_store_has_it(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    held = threading.Event()
    window.session.jobs.write(lambda: held.wait(20), lambda _done: None)
    try:
        drag(qtbot, window, 6, "Production")
        assert shown(window) == PROMOTED and stored(store)[6] == "Staging"
        board_of(window).show_model(CHURN)  # what is read meanwhile does not put it back
        qtbot.waitUntil(lambda: board_of(window)._refresh.idle)
        assert shown(window) == PROMOTED
    finally:
        held.set()
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")


def test_undo_and_redo(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    drag(qtbot, window, 6, "Production")
    qtbot.waitUntil(lambda: window.session.undo.undo_text != "")
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: shown(window) == START)
    assert stored(store)[6] == "Staging" and stored(store)[4] == "Production"
    window.actions_by_id["edit.redo"].trigger()
    qtbot.waitUntil(lambda: shown(window) == PROMOTED)


def test_while_it_is_carried_the_board_says_what_will_be(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, GATE)
    describe_version(store, CHURN, 6, "For accounts older than 14 days")
    judged(qtbot, window, "3 of 3 gates", 6)
    cards = take_hold(window, 6)
    place = carry(window, cards, "Production")
    weighed(qtbot, window)
    production = column(window, "Production")
    assert production.verdict.isVisible() and production.verdict.text.splitlines() == [
        "Drop to promote v6 to Production",
        "✓ auc ≥ 0.94 (0.947)",
        "✓ has a signature",
        "✓ description written",
        "→ v4 moves to Archived",
    ]
    assert "moves to Archived" in str(list_of(window, 4).cards.find(4).data(Qt.ItemDataRole.AccessibleTextRole))
    (ghost,) = window.findChildren(Ghost)
    assert ghost.isVisible()
    carry(window, cards, "None")
    assert not production.verdict.isVisible() and column(window, "None").verdict.text == "Drop to move v6 to None"
    QTest.keyClick(cards, Qt.Key.Key_Escape)
    let_go(cards, place)
    assert shown(window) == START and not ghost.isVisible()
    assert not column(window, "None").verdict.isVisible() and stored(store)[6] == "Staging"


def test_what_others_move_meanwhile_is_told_where_a_card_is_held(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    cards = take_hold(window, 6)
    place = carry(window, cards, "Production")
    weighed(qtbot, window)
    production = column(window, "Production").verdict
    assert "→ v4 moves to Archived" in production.text
    transition(store, CHURN, 5, "Production")
    qtbot.waitUntil(lambda: "→ v5 moves to Archived" in production.text)
    transition(store, CHURN, 6, "Archived")
    qtbot.waitUntil(lambda: not board_of(window).carrying.homes)
    let_go(cards, place)
    assert stored(store)[6] == "Archived" and stored(store)[5] == "Production"


def test_a_gate_that_fails_blocks_and_says_why(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, GATE)
    judged(qtbot, window, "gate", 7)
    said = drag(qtbot, window, 7, "Production")
    assert said.splitlines() == [
        "v7 cannot move to Production",
        "✓ auc ≥ 0.94 (0.941)",
        "✓ has a signature",
        "✗ no description",
    ]
    assert window.strip.text == "v7 cannot move to Production: no description."
    assert shown(window) == START and stored(store)[7] == "None" and window.session.undo.last is None


def test_a_gate_that_asks_for_a_reason_asks_in_its_column(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, ASKS)
    judged(qtbot, window, "gate", 6)
    said = drag(qtbot, window, 6, "Production")
    assert "✗ auc ≥ 0.99 (0.947)" in said and "It asks for a reason" in said
    panel = column(window, "Production").verdict
    assert panel.text.startswith("Promote v6 to Production\n")
    assert panel.asking and panel.reason.isVisible() and not panel.sign.isVisible()
    assert shown(window) == START and not panel.move_button.isEnabled()
    QTest.keyClicks(panel.reason, "beats v4 on the holdout")
    assert panel.move_button.isEnabled()
    QTest.keyClick(panel.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")
    assert shown(window) == PROMOTED and not panel.isVisible()
    entry = [one for one in read_entries(store, CHURN) if one.action == "transition"][-1]
    assert entry.reason == "beats v4 on the holdout" and entry.evidence["passed"] is False


def test_escape_in_the_form_puts_the_card_back(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, ASKS)
    judged(qtbot, window, "gate", 6)
    drag(qtbot, window, 6, "Production")
    panel = column(window, "Production").verdict
    QTest.keyClicks(panel.reason, "because")
    QTest.keyClick(panel.reason, Qt.Key.Key_Escape)
    assert not panel.isVisible() and shown(window) == START and window.middle.shown != RUNS
    assert stored(store)[6] == "Staging"


def test_a_gate_that_asks_for_a_persons_word_takes_it(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_policy(store, CHURN, SIGNED)
    judged(qtbot, window, "gate", 6)
    assert "It asks for your word" in drag(qtbot, window, 6, "Production")
    panel = column(window, "Production").verdict
    assert panel.sign.isVisible() and not panel.reason.isVisible()
    QTest.mouseClick(panel.sign, LEFT, PLAIN, QPoint(8, panel.sign.height() // 2))
    QTest.mouseClick(panel.move_button, LEFT)
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")
    entry = [one for one in read_entries(store, CHURN) if one.action == "transition"][-1]
    assert entry.evidence["signed_off_by"] == user_name()


def test_what_the_store_refuses_goes_back_to_its_place(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    cards = take_hold(window, 6)
    place = carry(window, cards, "Production")
    weighed(qtbot, window)
    with closing(open_store(store.path)) as other:
        set_policy(other, CHURN, "gates: {Production: {checks: [description]}}")
        let_go(cards, place)
    assert shown(window) == PROMOTED
    qtbot.waitUntil(lambda: shown(window) == START)
    qtbot.waitUntil(lambda: "does not pass the gates of Production: no description" in window.strip.text)
    assert stored(store)[6] == "Staging" and window.session.undo.last is None


def test_several_cards_are_dragged_together(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 7)
    click(window, 5, CTRL)
    assert set(window.session.registry.versions) == {7, 5}
    said = drag(qtbot, window, 5, "Archived")
    assert said == "Drop to archive v7 and v5"
    qtbot.waitUntil(lambda: stored(store)[7] == stored(store)[5] == "Archived")
    qtbot.waitUntil(lambda: window.session.undo.undo_text == f"Moved 2 versions of {CHURN} to Archived")
    window.actions_by_id["edit.undo"].trigger()
    qtbot.waitUntil(lambda: shown(window) == START)


def test_two_cards_cannot_both_be_where_one_is(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    click(window, 7)
    click(window, 6, CTRL)
    assert drag(qtbot, window, 6, "Production") == "One version at a time is in Production"
    assert window.strip.text == "One version at a time is in Production: move them one by one."
    assert shown(window) == START and stored(store)[6] == "Staging"


def test_the_filter_leaves_cards_out(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    set_alias(store, CHURN, "champion", 4)
    judged(qtbot, window, "@champion", 4)
    field = board_of(window).filter
    QTest.keyClicks(field, "champion")
    assert shown(window) == {"None": [], "Staging": [], "Production": [4], "Archived": []}
    QTest.keyClicks(field, " no such")
    assert told_nothing(window) == "No version has these words."
    field.clear()
    QTest.keyClicks(field, "heron-5")
    assert shown(window)["None"] == [5]
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert list_of(window, 5).hasFocus()


def told_nothing(window: MainWindow) -> str:
    labels = column(window, "None").findChildren(QLabel)
    return "".join(one.text() for one in labels if one.isVisible() and one.text().startswith("No version"))


def test_a_model_without_versions_says_what_to_do(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    create_model(store, "ranker")
    window.session.registry.go_to("ranker")
    qtbot.waitUntil(lambda: told_nothing(window).startswith("No versions yet. Drag a run here"))


def test_what_another_process_does_is_followed(qtbot: QtBot, window: MainWindow) -> None:
    with closing(open_store(window.session.store.path)) as other:
        transition(other, CHURN, 6, "Production")
        qtbot.waitUntil(lambda: shown(window) == PROMOTED)
        delete_version(other, CHURN, 1)
        qtbot.waitUntil(lambda: shown(window)["Archived"] == [4, 3, 2])
        set_policy(other, CHURN, "stages: [Staging, Canary, Production]")
        qtbot.waitUntil(lambda: list(shown(window)) == ["None", "Staging", "Canary", "Production", "Archived"])
    qtbot.waitUntil(lambda: list_of(window, 7).isVisible() and column(window, "Canary").width() > 100)
    assert drag(qtbot, window, 7, "Canary") == "Drop to promote v7 to Canary"
    qtbot.waitUntil(lambda: stored(window.session.store)[7] == "Canary")


def test_what_was_done_while_the_page_was_not_seen_is_there_when_it_is(
    qtbot: QtBot, window: MainWindow, store: Store
) -> None:
    window.actions_by_id["view.table"].trigger()
    with qtbot.waitSignal(window.session.changed, check_params_cb=lambda changes: changes.registry):
        transition(store, CHURN, 6, "Production")
    window.actions_by_id["view.registry"].trigger()
    qtbot.waitUntil(lambda: shown(window) == PROMOTED)


def test_a_click_on_the_link_of_a_card_goes_to_its_run(qtbot: QtBot, window: MainWindow) -> None:
    cards = list_of(window, 6)
    rect = cards.visualRect(cards.cards.find(6))
    QTest.mouseClick(cards.viewport(), LEFT, PLAIN, QPoint(rect.left() + 24, rect.bottom() - 24))
    qtbot.waitUntil(lambda: window.middle.shown == RUNS)
    qtbot.waitUntil(lambda: window.inspector.heading.name.text() == "heron-6")


def test_nothing_can_be_picked_up_in_a_store_that_is_read_only(qtbot: QtBot, window: MainWindow) -> None:
    window.session._set_read_only("The store is on a medium that cannot be written.")
    cards = take_hold(window, 6)
    assert not cards.lifted and "cannot be written" in window.strip.text
    let_go(cards, place_of(window, 6))
    assert shown(window) == START


@pytest.mark.parametrize("size", [(1600, 1000), (1100, 700)])
def test_what_has_no_room_is_reached_by_scrolling(qtbot: QtBot, window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    window.reset_layout()
    columns = board_of(window).columns
    last = column(window, "Archived")
    columns.reveal(last)
    qtbot.waitUntil(lambda: not last.list.visibleRegion().isEmpty())
    assert last.list.visualRect(last.list.cards.index(0)).width() > 100


def test_gates_are_asked_about_the_cards_that_are_seen(
    qtbot: QtBot, window: MainWindow, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "weights").write_bytes(b"weights")
    for _ in range(30):
        register(store, "many", Source(tmp_path / "model", "elsewhere"))
    set_policy(store, "many", "gates: {Staging: {checks: [description]}}")
    window.session.registry.go_to("many")
    board = board_of(window)
    qtbot.waitUntil(lambda: len(board.shown.cards) == 30)
    judged(qtbot, window, "1 gate fails", 30)
    cards = list_of(window, 30)
    assert "gate" not in cards.cards.cards[-1].told()
    cards.scrollToBottom()
    judged(qtbot, window, "1 gate fails", 1)


def test_another_page_that_comes_while_a_card_is_carried_puts_it_back(qtbot: QtBot, window: MainWindow) -> None:
    cards, board = take_hold(window, 6), board_of(window)
    place = carry(window, cards, "Production")
    window.actions_by_id["view.table"].trigger()
    assert not board.carrying.homes
    assert not any(ghost.isVisible() for ghost in window.findChildren(Ghost))
    let_go(cards, place)


# By keyboard


def pick_up(window: MainWindow, version: int) -> None:
    click(window, version)
    QTest.keyClick(list_of(window, version), Qt.Key.Key_Space)


def test_a_card_is_picked_up_carried_and_dropped_with_keys(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    window.activateWindow()
    pick_up(window, 6)
    weighed(qtbot, window)
    assert "Choose a column" in column(window, "Staging").verdict.text
    cards = list_of(window, 6)
    QTest.keyClick(cards, Qt.Key.Key_Right)
    said = column(window, "Production").verdict.text
    assert said.startswith("Drop to promote v6 to Production\n→ v4 moves to Archived") and "Escape puts back" in said
    QTest.keyClick(cards, Qt.Key.Key_Return)
    assert shown(window) == PROMOTED
    qtbot.waitUntil(lambda: stored(store)[6] == "Production")
    there = list_of(window, 6)
    assert there.hasFocus() and there.currentIndex() == there.cards.find(6), "the keyboard stays on the card"


def test_a_card_that_is_alone_in_its_column_is_selected_with_keys(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    cards = column(window, "Production").list
    cards.setFocus(Qt.FocusReason.TabFocusReason)
    assert not window.session.registry.versions
    QTest.keyClick(cards, Qt.Key.Key_Down)
    assert window.session.registry.versions == (4,) and window.actions_by_id["version.move"].isEnabled()


def test_of_aliases_without_room_it_is_told_how_many_more_there_are(window: MainWindow) -> None:
    metrics = board_of(window).fontMetrics()
    names = ["champion", "challenger", "last-good"]
    assert pills(names, metrics, 2000) == ["@champion", "@challenger", "@last-good"]
    two = sum(metrics.horizontalAdvance(text) + 30 for text in ("@champion", "@challenger"))
    assert pills(names, metrics, two) in (["@champion", "+2"], ["@champion", "@challenger", "+1"])
    (first, more) = pills(["production-candidate", *names], metrics, metrics.horizontalAdvance("@production-") + 40)
    assert first.startswith("@pro") and first.endswith("…") and more == "+3"


def test_escape_puts_back_what_keys_have_picked_up(qtbot: QtBot, window: MainWindow, store: Store) -> None:
    window.activateWindow()
    pick_up(window, 6)
    cards = list_of(window, 6)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right):
        QTest.keyClick(cards, key)
    assert column(window, "Production").verdict.isVisible()
    QTest.keyClick(cards, Qt.Key.Key_Escape)
    assert not column(window, "Production").verdict.isVisible() and not cards.lifted
    assert window.middle.shown != RUNS, "it does not leave the page"
    assert stored(store)[6] == "Staging"
    QTest.keyClick(cards, Qt.Key.Key_Escape)
    assert window.middle.shown == RUNS, "with nothing to put back it does"


def test_arrows_go_from_column_to_column(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    click(window, 5)
    QTest.keyClick(list_of(window, 5), Qt.Key.Key_Right)
    assert window.session.registry.versions == (6,) and list_of(window, 6).hasFocus()
    QTest.keyClick(list_of(window, 6), Qt.Key.Key_Left)
    assert list_of(window, 5).hasFocus()


def test_the_keyboard_going_elsewhere_puts_back_what_it_carried(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    pick_up(window, 6)
    board_of(window).filter.setFocus()
    assert not board_of(window).carrying.homes and shown(window) == START
