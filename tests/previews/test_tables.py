"""Tables: windows, orders and sums are those that pandas has of the whole."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import CannotShow
from runfolio.previews import line_index
from runfolio.previews.kept import Kept
from runfolio.previews.table.comparing import MOST_CELLS, AskRows
from runfolio.previews.table.questions import AskCell, AskCells, AskTable, SortRows, SumUp, TableFacts
from runfolio.previews.table.separated import Separated, separator_of
from runfolio.previews.table.wholes import Summary


def facts_of(path: Path, kept: Kept) -> TableFacts:
    while not (facts := AskTable(str(path)).answer(kept)).complete:
        pass
    return facts


def cells_of(path: Path, kept: Kept, *more: Any) -> list[tuple[str | None, ...]]:
    facts = facts_of(path, kept)
    return list(AskCells(str(path), 0, facts.rows, 0, len(facts.columns), *more).answer(kept))


def summary_of(path: Path, column: int, kept: Kept) -> Summary:
    while (found := SumUp(str(path), column).answer(kept)).summary is None:
        pass
    return found.summary


def sort(path: Path, column: int, descending: bool, kept: Kept) -> None:
    while SortRows(str(path), column, descending).answer(kept).share < 1:
        pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tables")


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)


@given(
    rows=st.lists(st.lists(TEXT, min_size=3, max_size=3), min_size=1, max_size=30),
    stop=st.sampled_from(["\n", "\r\n"]),
    piece=st.sampled_from([8, 64, 4096]),
)
def test_rows_are_those_that_were_written(folder: Path, rows: list[list[str]], stop: str, piece: int) -> None:
    rows = [["first", "second", "third"], *rows]
    text = io.StringIO()
    csv.writer(text, lineterminator=stop, quoting=csv.QUOTE_ALL).writerows(rows)
    path = folder / "a.csv"
    path.write_bytes(text.getvalue().encode())
    before = line_index.PIECE
    line_index.PIECE = piece
    try:
        table = Separated(str(path))
        while not table.complete:
            table.count(1.0)
        found = table.cells(range(table.rows), 0, 3)
        backwards = table.cells(range(table.rows - 1, -1, -1), 1, 1)
        table.close()
    finally:
        line_index.PIECE = before
    if table._separator == "," and table._header:
        assert [list(row) for row in found] == rows[1:]
        assert [row[0] for row in backwards] == [row[1] for row in reversed(rows[1:])]


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("a,b\n1,2\n", ","),
        ("a;b\n1,5;2,5\n", ";"),
        ("a\tb c, d\n1\t2\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("one\ntwo\n", ","),
    ],
)
def test_the_separator_is_told_by_the_lines(text: str, separator: str) -> None:
    assert separator_of(text, "a.csv") == separator


def test_a_csv_file_is_typed_sorted_and_summed_up(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {"x": random.normal(size=5000), "kind": random.choice(["b", "a", "c"], 5000), "n": range(5000)}
    )
    frame.loc[[3, 7], "x"] = np.nan
    frame.to_csv(path, index=False)
    facts = facts_of(path, kept)
    assert [(column.name, column.kind) for column in facts.columns] == [
        ("x", "number"),
        ("kind", "text"),
        ("n", "number"),
    ]
    assert (facts.rows, facts.title) == (5000, "UTF-8, separated by commas")
    sort(path, 0, True, kept)
    order = frame.sort_values("x", ascending=False, kind="stable")["n"].map(str).tolist()
    assert [row[0] for row in AskCells(str(path), 0, 5000, 2, 1, 0, True).answer(kept)] == order
    sort(path, 1, False, kept)
    order = frame.sort_values("kind", kind="stable")["n"].map(str).tolist()
    assert [row[0] for row in AskCells(str(path), 0, 5000, 2, 1, 1, False).answer(kept)] == order
    told = summary_of(path, 0, kept)
    there = frame["x"].dropna()
    assert (told.rows, told.missing, told.kind, told.distinct) == (5000, 2, "number", 4998)
    assert told.mean == pytest.approx(there.mean()) and told.deviation == pytest.approx(there.std(ddof=0))
    assert told.quartiles == pytest.approx(there.quantile([0.25, 0.5, 0.75]).tolist())
    assert sum(told.bins) == 4998 and (told.least, told.greatest) == (there.min(), there.max())
    told = summary_of(path, 1, kept)
    assert dict(told.frequent) == frame["kind"].value_counts().to_dict()
    assert (told.kind, told.shortest, told.longest) == ("text", 1, 1)


def test_a_table_without_a_heading_has_columns_by_number(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,a\n2,b\n")
    assert [column.name for column in facts_of(path, kept).columns] == ["Column 1", "Column 2"]
    assert cells_of(path, kept) == [("1", "a"), ("2", "b")]


def test_rows_of_other_lengths_are_filled_up(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1\n1,2,3,4\n\n5,6\n")
    assert cells_of(path, kept) == [
        ("1", None, None, None),
        ("1", "2", "3", "4"),
        (None, None, None, None),
        ("5", "6", None, None),
    ]


def test_a_quotation_mark_that_is_never_closed_is_a_letter_and_told(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"open\n' + "2,3\n" * 1000)
    facts = facts_of(path, kept)
    assert facts.rows == 1001 and "never closed" in facts.notes[0]
    assert cells_of(path, kept)[:2] == [("1", '"open'), ("2", "3")]


def test_long_cells_are_cut_and_whole_on_request(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\nx," + "y" * 5000 + "\n")
    assert len(cells_of(path, kept)[0][1] or "") == 300
    assert AskCell(str(path), 0, 1).answer(kept) == "y" * 5000


@pytest.mark.parametrize("ending", ["parquet", "arrow", "feather"])
def test_arrows_files_are_shown_sorted_and_summed_up(tmp_path: Path, ending: str, kept: Kept) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.ipc as ipc
    import pyarrow.parquet as pq

    path = tmp_path / f"a.{ending}"
    values = [3.5, None, 1.25, 2.0] * 1000
    table = pa.table(
        {
            "x": values,
            "text": [f"row {number}" for number in range(4000)],
            "flag": [True, False, None, True] * 1000,
            "list": [[1, 2], [], None, [3]] * 1000,
            "when": pa.array([0, 1, None, 3] * 1000, pa.timestamp("s")),
            "raw": [b"\0\xff", b"", None, b"abc"] * 1000,
        }
    )
    if ending == "parquet":
        pq.write_table(table, path, row_group_size=700)
    elif ending == "arrow":
        with ipc.new_stream(path, table.schema) as stream:
            stream.write_table(table, max_chunksize=300)
    else:
        with ipc.new_file(path, table.schema) as file:
            file.write_table(table, max_chunksize=300)
    facts = facts_of(path, kept)
    assert facts.rows == 4000
    assert [column.kind for column in facts.columns] == ["number", "text", "truth", "nested", "time", "text"]
    rows = cells_of(path, kept)
    assert rows[0] == ("3.5", "row 0", "true", "[1, 2]", "1970-01-01 00:00:00", "00 ff")
    assert rows[2] == ("1.25", "row 2", None, None, None, None)
    assert [row[1] for row in rows] == [f"row {number}" for number in range(4000)]
    sort(path, 0, False, kept)
    ordered = [row[0] for row in cells_of(path, kept, 0, False)]
    assert ordered == ["1.25"] * 1000 + ["2.0"] * 1000 + ["3.5"] * 1000 + [None] * 1000
    told = summary_of(path, 0, kept)
    assert (told.missing, told.least, told.greatest, told.mean) == (1000, 1.25, 3.5, 2.25)


def test_a_logged_table_has_pictures_in_its_cells(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.json"
    image = {"type": "image", "filepath": "images/a.png", "compressed_filepath": "images/a.webp"}
    path.write_text(json.dumps({"columns": ["n", "image", "more"], "data": [[1, image, {"a": 1}], [2.5, None, [1]]]}))
    facts = facts_of(path, kept)
    assert [column.kind for column in facts.columns] == ["number", "picture", "nested"]
    assert cells_of(path, kept) == [("1", "images/a.webp", '{"a": 1}'), ("2.5", None, "[1]")]


def test_a_list_of_objects_is_a_table_and_other_json_is_none(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"a": 1}, {"b": "x", "a": null}]')
    assert cells_of(path, kept) == [("1", None), (None, "x")]
    path.write_text('{"a": {"b": 1}}')
    with pytest.raises(CannotShow, match="no table"):
        facts_of(path, kept)


def test_a_column_that_turns_out_to_be_text_is_sorted_by_letters(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    path.write_text("n,x\n" + "".join(f"{row},{row % 7}\n" for row in range(5000)) + "5000,none\n5001,\n")
    facts_of(path, kept)
    sort(path, 1, False, kept)
    found = AskCells(str(path), 4998, 9, 0, 2, 1, False).answer(kept)
    assert [row[1] for row in found] == ["6", "6", "none", ""]


@given(rows=st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=30), column=st.integers(0, 3))
def test_a_whole_column_is_what_the_rows_have(folder: Path, rows: list[list[str]], column: int) -> None:
    path = folder / "a.csv"
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8", newline="")
    if not path.read_text(encoding="utf-8").strip("\r\n"):
        return  # without columns
    table = Separated(str(path))
    place = min(column, len(table.columns) - 1)
    whole = [cell or None for _, cells in table.values(place) for cell in cells]
    shown = [row[0] or None for row in table.cells(range(table.rows), place, 1)]
    table.close()
    assert whole == shown


def test_the_rows_of_a_table_that_is_compared_are_its_first_ones_in_full(tmp_path: Path, kept: Kept) -> None:
    frame = pd.DataFrame({"name": ["a", "b"], "loss": [0.5, np.nan], "text": ["x" * 400 + "1", "x" * 400 + "2"]})
    for path, write in ((tmp_path / "a.parquet", frame.to_parquet), (tmp_path / "a.csv", frame.to_csv)):
        write(path, index=False)
        found = AskRows(str(path)).answer(kept)
        assert found.columns == ("name", "loss", "text") and found.total == 2 and found.named
        assert [row[:2] for row in found.rows] in ([("a", "0.5"), ("b", None)], [("a", "0.5"), ("b", "")])
        assert found.rows[0][2] != found.rows[1][2], "long texts that begin alike are told apart"
    pd.DataFrame({"x": range(MOST_CELLS + 5)}).to_csv(tmp_path / "long.csv", index=False)
    long = AskRows(str(tmp_path / "long.csv")).answer(kept)
    assert len(long.rows) == MOST_CELLS < long.total and long.rows[-1] == (str(MOST_CELLS - 1),) and not long.named


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("0,1,2\n0.5,1.5,2.5\n3.5,4,5\n", True),
        (",0,1\n0,5,6\n1,7,8\n", True),
        ("country,2020,2021\nDE,5,9\nFR,7,3\n", True),
        ("country,2020,2021\nDE,5.5,9.5\n", True),
        ("country,2020,2021\nDE,5,9\nFR,7,8\nIT,1,1\nES,2,6\nPT,8,1\n", True),
        ("2020,2025\n0.5,1.5\n2.5,3.5\n", True),
        ("step,nan,inf\n1,2,3\n", True),
        ("0\n0.5\n0.3\n", True),
        ("a,b\nc,d\n", True),
        ("7,9\nred,blue\n", True),
        ("1,2\n3,4\n", False),
        ("a,1,2\nb,3,4\n", False),
        ("a,6,7\nb,3,9\n", False),
        ("0,1\n1,5\n2,9\n", False),
        ("0\n1\n2\n", False),
        ("nan,1.5\n2.5,3.5\n", False),
        ("1.5,2.5\n3.5,4.5\n", False),
        ("1,2\n", False),
    ],
)
def test_a_heading_is_told_by_what_is_below_it(tmp_path: Path, kept: Kept, text: str, heading: bool) -> None:
    (tmp_path / "a.csv").write_text(text)
    facts = facts_of(tmp_path / "a.csv", kept)
    first = text.partition("\n")[0].split(",")
    assert (facts.heading, facts.rows) == (heading, text.count("\n") - heading)
    if heading:
        assert [column.name for column in facts.columns] == [one or f"Column {at + 1}" for at, one in enumerate(first)]


def test_whoever_knows_better_says_whether_there_is_a_heading(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.csv"
    path.write_text("1,2\n3,4\n")
    assert AskTable(str(path), heading=True).answer(kept).columns[0].name == "1"
    assert AskCells(str(path), 0, 1, 0, 2, heading=True).answer(kept) == (("3", "4"),)
    assert AskCells(str(path), 0, 1, 0, 2).answer(kept) == (("1", "2"),)
