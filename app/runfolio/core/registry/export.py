"""The audit log as a file for others: JSON that can be proved again, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from runfolio.core.registry.chain import Entry, canonical_text

#: The columns of CSV; JSON has the same keys, but for `at`.
COLUMNS = (
    *("number", "time", "at", "user", "action", "model", "version", "from", "to", "reason", "evidence"),
    *("previous", "hash"),
)
#: What spreadsheets take for the beginning of a formula, be it that anybody wrote it into a reason.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain_entry(entry: Entry) -> dict[str, Any]:
    """An entry as plain values: what its hash is of (`chain.canonical`), and the hash."""
    return {
        "number": entry.number,
        "time": entry.time,
        "user": entry.user,
        "action": entry.action,
        "model": entry.model,
        "version": entry.version,
        "from": entry.old,
        "to": entry.new,
        "reason": entry.reason,
        "evidence": dict(entry.evidence),
        "previous": entry.previous,
        "hash": entry.hash,
    }


def export_json(entries: Iterable[Entry]) -> str:
    """A list with an entry in each line. `hash` is SHA-256 of the canonical form of all other keys of an entry."""
    lines = ",\n".join(json.dumps(plain_entry(one), ensure_ascii=False) for one in entries)
    return f"[\n{lines}\n]\n" if lines else "[]\n"


def export_csv(entries: Iterable[Entry]) -> str:
    """A table as RFC 4180 has it, with headings; `at` is the time in words (ISO 8601, UTC), the rest as in JSON.

    What a spreadsheet would compute has an apostrophe before it: only JSON is exact.
    """
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in entries:
        told = plain_entry(one) | {
            "at": datetime.fromtimestamp(one.time / 1000, UTC).isoformat(timespec="milliseconds")
        }
        writer.writerow([_cell(told[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: Any) -> str:
    """Texts and numbers as they are, nothing as nothing, the rest as JSON, with an apostrophe before a formula."""
    if value is None:
        return ""
    text = value if isinstance(value, str) else canonical_text(value)
    return f"'{text}" if text.startswith(FORMULA) else text
