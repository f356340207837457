"""Ids and headings of columns, which saved views rely on."""

from __future__ import annotations

import pytest

from runfolio.core.columns import ATTRIBUTES, DURATION, NAME, Column, Kind, Source, metric, param


@pytest.mark.parametrize(
    ("column", "identity", "heading"),
    [
        (metric("loss"), "metrics.loss", "loss"),
        (metric("val/loss", "min"), "metrics.val/loss.min", "val/loss.min"),
        (metric("a.b"), "metrics.a.b", "a.b"),
        (param("lr", numeric=True), "params.lr", "lr"),
        (Column(Source.TAG, "note", Kind.TEXT), "tags.note", "note"),
        (NAME, "attributes.run_name", "Name"),
        (DURATION, "attributes.duration", "Duration"),
    ],
)
def test_id_and_heading(column: Column, identity: str, heading: str) -> None:
    assert column.id == identity
    assert column.heading == heading


def test_ids_tell_all_columns_apart() -> None:
    some = [*ATTRIBUTES, param("loss"), metric("loss"), metric("loss", "min"), metric("loss", "max")]
    assert len({column.id for column in some}) == len(some)


def test_params_are_text_until_said_to_be_numbers() -> None:
    assert param("lr").kind is Kind.TEXT
    assert param("lr", numeric=True).kind is Kind.NUMBER
