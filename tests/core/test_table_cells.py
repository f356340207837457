"""Tables that are laid on each other: which rows belong together, and what their cells are called."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.ordering import natural
from runfolio.core.table_cells import Table, cells_by_name, common_columns, naming_column

CELLS = st.one_of(st.none(), st.text(max_size=3))
TABLES = st.integers(1, 4).flatmap(
    lambda width: st.builds(
        Table,
        st.tuples(*[st.text(max_size=2)] * width),
        st.lists(st.tuples(*[CELLS] * width), max_size=6).map(tuple),
        st.just(6),
        st.booleans(),
    )
)


def table(text: str, *, named: bool = True) -> Table:
    head, *rows = [tuple(line.split(",")) for line in text.split()]
    return Table(head, tuple(rows), len(rows), named)


def test_rows_are_called_by_their_first_cells_where_these_are_names_that_are_all_different() -> None:
    one, two = table("class,precision cat,0.9 dog,0.7"), table("class,precision dog,0.6")
    assert naming_column([one, two]) == "class"
    assert cells_by_name(one, "class") == {"cat · precision": "0.9", "dog · precision": "0.7"}
    assert naming_column([one, table("class,precision dog,1 dog,2")]) == ""
    assert naming_column([one, table("other,precision dog,1")]) == ""
    assert naming_column([table("loss,step 0.1,1 0.2,2", named=False)]) == ""


def test_rows_are_called_by_number_or_by_any_column() -> None:
    one = table("a,a,b 1,2,x 3,4,x")
    assert cells_by_name(one, "") == {
        **{"row 1 · a": "1", "row 1 · a (2)": "2", "row 1 · b": "x"},
        **{"row 2 · a": "3", "row 2 · a (2)": "4", "row 2 · b": "x"},
    }
    assert cells_by_name(one, "b") == {"x · a": "1", "x · a (2)": "2", "x (2) · a": "3", "x (2) · a (2)": "4"}
    ragged = Table(("a",), (("1", "2"), (None,)), 2)
    assert cells_by_name(ragged, "") == {"row 1 · a": "1", "row 1 · column 2": "2"}
    assert cells_by_name(ragged, "a") == {"1 · column 2": "2"}


@given(st.lists(TABLES, min_size=1, max_size=3))
def test_every_table_can_be_laid_on_every_other(tables: list[Table]) -> None:
    for key in ("", *common_columns(tables)):
        for one in tables:
            cells = cells_by_name(one, key)
            assert set(cells.values()) <= {cell for row in one.rows for cell in row}
    assert naming_column(tables) in ("", *common_columns(tables))


def test_rows_that_are_called_by_number_stand_in_their_order() -> None:
    one = Table(("a",), tuple((str(number),) for number in range(1_200)), 1_200, named=False)
    names = list(cells_by_name(one, ""))
    assert sorted(names, key=natural) == names
