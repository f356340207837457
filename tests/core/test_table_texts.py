"""Tables of texts: what is special where they go is escaped, and a cell is always one line."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.table_texts import Shape, write_table

ROWS = [["a|b", "0.913 ± 0.004"], ["x_1 & 50%\\n", "-"]]


def test_markdown() -> None:
    text = write_table(Shape.MARKDOWN, ["Name", "acc"], ROWS, [False, True])
    assert text == "| Name | acc |\n| --- | ---: |\n| a\\|b | 0.913 ± 0.004 |\n| x_1 &amp; 50%\\\\n | - |\n"


def test_latex() -> None:
    text = write_table(Shape.LATEX, ["Name", "acc_#1"], ROWS, [False, True])
    assert text == (
        "\\begin{tabular}{lr}\n  \\hline\n  Name & acc\\_\\#1 \\\\\n  \\hline\n"
        "  a\\textbar{}b & 0.913 $\\pm$ 0.004 \\\\\n  x\\_1 \\& 50\\%\\textbackslash{}n & - \\\\\n"
        "  \\hline\n\\end{tabular}\n"
    )


def test_tsv_and_csv() -> None:
    assert write_table(Shape.TSV, ["a", "b"], [["1\t2", "x\ny"]], [True, False]) == "a\tb\n1 2\tx y\n"
    assert write_table(Shape.CSV, ["a", "b"], [["1,2", 'x"y']], [True, False]) == 'a,b\n"1,2","x""y"\n'


cells = st.lists(st.text(max_size=12), min_size=2, max_size=2)


@given(st.lists(cells, max_size=5))
def test_every_row_is_one_line_of_as_many_cells(rows: list[list[str]]) -> None:
    clean = [[" ".join(cell.split()) for cell in row] for row in rows]
    tsv = write_table(Shape.TSV, ["a", "b"], rows, [False, False])
    assert [line.split("\t") for line in tsv.split("\n")[1:-1]] == clean
    parsed = list(csv.reader(io.StringIO(write_table(Shape.CSV, ["a", "b"], rows, [False, False]))))
    assert parsed[1:] == clean
    latex = write_table(Shape.LATEX, ["a", "b"], rows, [False, False])
    assert latex.count("\n") == len(rows) + 6
    assert latex.count("{") == latex.count("}") or any(c in "{}" for row in rows for cell in row for c in cell)


@pytest.mark.parametrize("shape", list(Shape))
def test_of_no_rows_there_are_the_titles(shape: Shape) -> None:
    assert "first" in write_table(shape, ["first"], [], [False])
