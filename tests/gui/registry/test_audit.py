"""The tab of the audit log: filtered, laid open, proved, exported, and as of a date."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from PySide6.QtCore import QDateTime, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from runfolio.core.registry.export import export_csv, export_json
from runfolio.gui.main_window import MainWindow
from runfolio.gui.registry.audit.model import CHANGE, REASON, VERSION
from runfolio.gui.registry.audit.tab import AuditTab
from runfolio.store.registry.aliases import set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.models import create_model
from runfolio.store.registry.reading import folder_of
from runfolio.store.registry.transitions import transition
from tests.gui.registry.conftest import CHURN, page_of


@pytest.fixture
def audit(qtbot: QtBot, window: MainWindow) -> AuditTab:
    tab = page_of(window).show_tab("Audit log")
    assert isinstance(tab, AuditTab)
    qtbot.waitUntil(lambda: tab.settled and bool(tab.entries.entries))
    return tab


def column(tab: AuditTab, number: int) -> list[str]:
    return [tab.entries.index(row, number).data() for row in range(tab.entries.rowCount())]


def test_the_newest_entry_comes_first_and_what_others_do_appears(qtbot: QtBot, audit: AuditTab) -> None:
    QAbstractItemModelTester(audit.entries, QAbstractItemModelTester.FailureReportingMode.Fatal, audit.entries)
    entries = read_entries(audit.session.store)
    assert column(audit, 0) == [f"{one.number}" for one in reversed(entries)]
    transition(audit.session.store, CHURN, 6, "Production", reason="beats v4 on holdout")
    qtbot.waitUntil(lambda: len(audit.entries.entries) == len(entries) + 2)
    assert (column(audit, CHANGE)[0], column(audit, REASON)[0]) == ("Staging → Production", "beats v4 on holdout")
    assert (column(audit, VERSION)[1], column(audit, CHANGE)[1]) == ("v4", "Production → Archived")
    assert audit.summary.text() == f"{len(entries) + 2} entries"


def test_words_action_and_version_narrow_it_down(qtbot: QtBot, audit: AuditTab) -> None:
    set_alias(audit.session.store, CHURN, "champion", 4)
    QTest.keyClicks(audit.filter, "champion v4")
    qtbot.waitUntil(lambda: column(audit, CHANGE) == ["@champion: nothing → v4"])
    total = len(read_entries(audit.session.store))
    assert audit.summary.text() == f"1 of {total} entries"
    audit.filter.clear()
    audit.action.setCurrentIndex(audit.action.findData("transition"))
    audit.version.setCurrentIndex(audit.version.findData(6))
    qtbot.waitUntil(lambda: column(audit, CHANGE) == ["None → Staging"])


def test_all_models_are_shown_with_their_names(qtbot: QtBot, audit: AuditTab) -> None:
    create_model(audit.session.store, "ranker")
    audit.everything.click()
    qtbot.waitUntil(lambda: "ranker" in column(audit, 4))
    assert not audit.table.isColumnHidden(4)


def test_return_lays_an_entry_open_and_escape_closes_it(qtbot: QtBot, audit: AuditTab) -> None:
    audit.table.setFocus()
    audit.table.setCurrentIndex(audit.entries.index(0, 0))
    QTest.keyClick(audit.table, Qt.Key.Key_Return)
    newest = read_entries(audit.session.store)[-1]
    shown = json.loads(audit.entry.toPlainText())
    assert audit.entry.isVisible() and shown["hash"] == newest.hash and shown["number"] == newest.number
    QTest.keyClick(audit.table, Qt.Key.Key_Down)
    assert json.loads(audit.entry.toPlainText())["number"] == newest.number - 1
    QTest.keyClick(audit.table, Qt.Key.Key_Escape)
    assert not audit.entry.isVisible()


def test_verify_proves_entries_and_files_and_gives_the_last_hash(qtbot: QtBot, audit: AuditTab) -> None:
    audit.verify.click()
    qtbot.waitUntil(lambda: audit.proof.told.isVisible())
    entries = read_entries(audit.session.store)
    assert audit.proof.told.text() == f"✓ {len(entries)} entries, 7 versions, 28 files proved"
    audit.proof.copy.click()
    assert QApplication.clipboard().text() == entries[-1].hash


def test_verify_names_a_file_that_was_changed(qtbot: QtBot, audit: AuditTab) -> None:
    file = folder_of(audit.session.store, CHURN, 4) / "model.skops"
    file.chmod(0o600)
    file.write_bytes(b"other")
    audit.verify.click()
    qtbot.waitUntil(lambda: audit.proof.told.isVisible())
    assert "churn-classifier v4: model.skops has been changed" in audit.proof.told.text()


def test_as_of_a_date_tells_who_was_where(qtbot: QtBot, audit: AuditTab) -> None:
    audit.as_of.click()
    now = "None v7, v5 · Staging v6 · Production v4 · Archived v3, v2, v1"
    audit.moment.setDateTime(QDateTime.currentDateTime().addSecs(60))
    qtbot.waitUntil(lambda: audit.holders.text() == now)
    audit.moment.setDateTime(QDateTime.fromMSecsSinceEpoch(0))
    qtbot.waitUntil(lambda: audit.holders.text() == "There was no such model yet.")


def test_what_is_shown_is_exported(qtbot: QtBot, audit: AuditTab, tmp_path: Path) -> None:
    audit.version.setCurrentIndex(audit.version.findData(6))
    qtbot.waitUntil(lambda: set(column(audit, VERSION)) == {"v6"})
    numbers = [one.number for one in read_entries(audit.session.store) if one.version == 6]
    audit.save(export_json, tmp_path / "a.json")
    audit.save(export_csv, tmp_path / "a.csv")
    qtbot.waitUntil(lambda: audit.session.jobs.running == () and (tmp_path / "a.csv").exists())
    assert [one["number"] for one in json.loads((tmp_path / "a.json").read_text("utf-8"))] == numbers
    rows = csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"), newline=""))
    assert [int(row["number"]) for row in rows] == numbers


def test_of_many_models_a_few_are_told_as_of_a_date(qtbot: QtBot, audit: AuditTab) -> None:
    for number in range(9):
        create_model(audit.session.store, f"model-{number}")
    audit.as_of.click()
    audit.moment.setDateTime(QDateTime.currentDateTime().addSecs(60))
    audit.everything.click()
    qtbot.waitUntil(lambda: "and 2 more models" in audit.holders.text())
    assert "model-0: no version" in audit.holders.text()
