"""Completing filters: what is proposed fits where it is proposed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import FilterError
from runfolio.core.filter import RUNS, parse_filter
from runfolio.core.filter.complete import Complete, Known, Place, complete, place_at, proposals, wanted_values
from runfolio.core.filter.tree import Entity, Field
from runfolio.core.formulas.complete import complete as complete_formula

KNOWN = Known(["loss", "val/acc", "odd name", "a.min"], ["lr", "batch size"], ["team", "mlflow.user"])


def proposed(text: str, values: list[str] | None = None) -> list[str]:
    return [one.text for one in proposals(place_at(text, len(text)), KNOWN, values or [])]


def test_fields_come_first_those_that_begin_like_the_word_before_others() -> None:
    assert {"status", "metrics.loss", "params.`batch size`", "tags.team", "metrics.loss.max", "not"} <= set(
        proposed("")
    )
    assert proposed("metrics.l")[:2] == ["metrics.loss", "metrics.loss.first"]
    assert proposed("acc")[0] == "metrics.val/acc"
    assert proposed("status = 'FAILED' and te")[0] == "tags.team"


ODD = Known(["odd name", "a`b"], ["my key", "my-other", "it's"], ["a tag"])


@pytest.mark.parametrize("start", ["", "lr < 1 and ", "tags.`a tag` = 'it''s' or ", "2 * metrics.`odd name`.min + "])
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("params.my", "params.`my key`"),
        ("params.`", "params.`my key`"),
        ("params.`my k", "params.`my key`"),
        ('params."my', "params.`my key`"),
        ("`my", "params.`my key`"),
        ("params.`it's", "params.`it's`"),
        ("metrics.a", 'metrics."a`b"'),
        ("metrics.`a", 'metrics."a`b"'),
        ("metrics.`odd name`.mi", "metrics.`odd name`.min"),
        ("tags.`a tag", "tags.`a tag`"),
    ],
)
def test_names_in_quotes_are_found_however_far_they_are_typed(start: str, typed: str, first: str) -> None:
    languages: list[Complete] = [complete_formula] if "*" in start else [complete]
    for language in languages if start else [complete, complete_formula]:
        place, found, _ = language(start + typed, len(start + typed), ODD, lambda field: [])
        assert place == len(start) and found[0].text == first


def test_a_text_is_completed_by_texts() -> None:
    assert proposed('params.optimizer = "ad', ["adam", "0.1"]) == ["'adam'"]
    assert proposed("'a") == [], "free words are no names"


def test_operators_are_those_of_the_field() -> None:
    assert "<=" in proposed("metrics.loss ") and "like" not in proposed("metrics.loss ")
    assert "like" in proposed("status ") and "<" not in proposed("status ")
    assert "in (" in proposed("params.lr ")
    assert proposed("status is") == ["is null", "is not null"]


def test_a_metric_can_be_asked_for_at_a_step() -> None:
    assert "@" in proposed("metrics.loss ") and proposed("metrics.loss ")[0] != "@"
    assert "@" not in proposed("params.lr ") and proposed("metrics.loss @ ") == []
    assert "<=" in proposed("metrics.loss @ 1000 ") and "@" not in proposed("metrics.loss @ 1000 ")


def test_formulas_are_proposed_and_compared_as_numbers() -> None:
    subject = replace(RUNS, formulas=("my speed",))
    found = proposals(place_at("spe", 3, subject), KNOWN, (), subject)
    assert [one.text for one in found] == ["formulas.`my speed`"]
    text = "formulas.`my speed` "
    found = proposals(place_at(text, len(text), subject), KNOWN, (), subject)
    assert {"<", "is null"} <= {one.text for one in found} and "like" not in {one.text for one in found}


def test_values_are_written_as_the_field_needs_them() -> None:
    place = place_at("params.optimizer = ", 19)
    assert wanted_values(place) == Field(Entity.PARAM, "optimizer")
    assert proposed("params.optimizer = ", ["adam", "it's", "0.1"]) == ["'adam'", '"it\'s"', "0.1"]
    assert proposed("params.optimizer = 'ad", ["adam", "sgd"]) == ["'adam'"]
    assert proposed("params.optimizer in ('adam', ", ["adam", "sgd"]) == ["'adam'", "'sgd'"]
    assert proposed("created > ")[0] == "now - 1h"
    assert proposed("duration > ")[0] == "30s"


def test_after_a_condition_it_goes_on() -> None:
    assert proposed("metrics.loss < 1 ")[:2] == ["and", "or"]
    assert proposed("metrics.loss < 1 o")[0] == "or"


def test_where_nothing_can_be_read_nothing_is_proposed() -> None:
    assert proposed("metrics.loss < < ") == []
    assert place_at("a = = b", 7).takes == frozenset()


def test_the_word_at_the_cursor_is_what_is_replaced() -> None:
    text = "metrics.loss < 1 and params.l > 2"
    assert place_at(text, 29) == Place(21, "params.l", place_at(text, 29).takes, None)


words = st.sampled_from(
    [
        "metrics.loss",
        "params.lr",
        "status",
        "@",
        "7",
        "tags.team",
        "=",
        "<",
        "in (",
        "'a'",
        "0.1",
        ")",
        "(",
        "and",
        "or",
        "not",
        "now",
    ]
)


@given(st.lists(words, max_size=6).map(" ".join), st.sampled_from(["", " ", " m", " '"]))
def test_every_proposal_can_stand_where_it_is_proposed(start: str, end: str) -> None:
    text = start + end
    place = place_at(text, len(text))
    for proposal in proposals(place, KNOWN, ["adam", "3"]):
        done = text[: place.start] + proposal.text
        following = place_at(done + " ", len(done) + 1)
        assert following.takes, done


@pytest.mark.parametrize("text", ["metrics.loss < 1", "params.`batch size` = 'x'"])
def test_what_was_completed_is_a_filter(text: str) -> None:
    with pytest.raises(FilterError):
        parse_filter(text[:-2] + " <")
    assert parse_filter(text)


@pytest.mark.parametrize("text", ["metrics.loss < 0.1", "params.x = 'a'", "params.x = 'a' ", "params.x = 3", "has(x)"])
def test_behind_a_whole_condition_nothing_has_to_follow(text: str) -> None:
    proposals = complete(text, len(text), KNOWN, lambda field: ["3", "30"])
    assert proposals.found or text.endswith("1")
    assert proposals.whole


@pytest.mark.parametrize("text", ["metrics.loss ", "params.x = ", "params.x = 'a", "params.x = 'a' an", "sta"])
def test_where_something_has_to_follow_the_first_is_meant(text: str) -> None:
    proposals = complete(text, len(text), KNOWN, lambda field: ["a", "b"])
    assert proposals.found and not proposals.whole


def test_a_formula_that_ends_needs_no_sign() -> None:
    assert complete_formula("min(1, 2)", 9, KNOWN, lambda field: []).whole
    assert not complete_formula("min(1, 2) *", 11, KNOWN, lambda field: []).whole


@pytest.mark.parametrize("before", ["", "metrics.loss < 1 and ", "metrics.loss < 1 or ", "not ", "(", "x and ("])
def test_where_a_condition_begins_the_users_own_names_come_first(before: str) -> None:
    found = proposed(before)
    assert found[:4] == ["metrics.loss", "metrics.val/acc", "metrics.`odd name`", "metrics.`a.min`"]
    assert found[4:8] == ["params.lr", "params.`batch size`", "tags.team", "run_id"]
    assert "and" not in found and "or" not in found and "note" in found
    assert found.index("tags.mlflow.user") > found.index("note")


def test_after_a_connective_something_has_to_follow() -> None:
    assert not complete("metrics.loss < 1 and ", 21, KNOWN, lambda field: []).whole


def test_what_may_be_missing_is_asked_for_by_its_tag_first() -> None:
    assert proposed("has(")[:3] == ["tags.team", "tags.mlflow.user", "metrics.loss"]
