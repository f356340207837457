"""Exports of the audit log: they can be proved again, and read by spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

from runfolio.core.registry.chain import Entry, damages, hash_of
from runfolio.core.registry.entry_words import change, told
from runfolio.core.registry.export import export_csv, export_json


def chain() -> list[Entry]:
    first = Entry(1, 1_600_000_000_123, "anna", "register", "churn", 1, None, "None", "", {"source": "runs:/a/model"})
    first = replace(first, hash=hash_of(first))
    reason = 'he said "now",\nand ü'
    second = Entry(2, 1_600_000_001_000, "bert", "transition", "churn", 1, "None", "Staging", reason, {}, first.hash)
    return [first, replace(second, hash=hash_of(second))]


def test_json_holds_all_that_the_hashes_are_of() -> None:
    entries = chain()
    read = [Entry(old=one.pop("from"), new=one.pop("to"), **one) for one in json.loads(export_json(entries))]
    assert read == entries and not [*damages(read)]
    assert json.loads(export_json([])) == []


def test_csv_has_a_row_for_each_entry_whatever_the_reason_holds() -> None:
    rows = list(csv.DictReader(io.StringIO(export_csv(chain()), newline="")))
    assert [row["number"] for row in rows] == ["1", "2"]
    assert rows[0]["at"] == "2020-09-13T12:26:40.123+00:00" and rows[0]["from"] == ""
    assert rows[1]["reason"] == 'he said "now",\nand ü' and rows[1]["to"] == "Staging"
    assert json.loads(rows[0]["evidence"]) == {"source": "runs:/a/model"}


def test_entries_are_told_in_few_words() -> None:
    first, second = chain()
    alias = Entry(3, 0, "anna", "alias", "churn", 2, 1, 2, evidence={"alias": "champion"})
    tag = Entry(3, 0, "anna", "tag", "churn", 2, None, "yes", evidence={"tag": "reviewed"})
    assert [change(one) for one in (first, second, alias, tag)] == [
        "runs:/a/model",
        "None → Staging",
        "@champion: v1 → v2",
        "reviewed: nothing → yes",
    ]
    assert [told(one) for one in (first, second, tag)] == [
        "registered from files",
        "None → Staging",
        "tagged reviewed: nothing → yes",
    ]
    assert change(replace(first, action="describe", old="x" * 200, new="")).endswith("… → nothing")


def test_what_a_spreadsheet_would_compute_is_a_text_there() -> None:
    entry = Entry(1, 0, "me", "transition", "churn", 1, reason="=HYPERLINK('http://x')")
    row = next(csv.DictReader(io.StringIO(export_csv([entry]))))
    assert row["reason"] == "'=HYPERLINK('http://x')"
    assert json.loads(export_json([entry]))[0]["reason"] == "=HYPERLINK('http://x')"
