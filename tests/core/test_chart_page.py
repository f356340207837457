"""The page of charts: where charts stand by themselves, what a user does to that, and what a file holds of it."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import chart_edits as edits
from runfolio.core.chart_page import (
    ChartChoice,
    ChartPage,
    Fits,
    OwnChart,
    Section,
    SectionChoice,
    arranged,
    read_chart_page,
)
from runfolio.core.records import RecordReader
from runfolio.core.views import View, read_view

METRICS = ("loss", "lr", "train/acc", "train/deep/er", "train/loss", "val/acc")
Edit = Callable[[ChartPage], ChartPage]

texts = st.text(max_size=6)
settings = st.dictionaries(
    texts, st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | texts, max_size=2
).map(lambda found: tuple(sorted(found.items(), key=lambda one: one[0])))
choices = st.builds(
    ChartChoice, texts, st.integers(1, 2), st.integers(1, 2), st.none() | texts, st.booleans(), settings
).filter(lambda one: one != ChartChoice())
section_choices = st.builds(SectionChoice, texts, st.booleans(), settings).filter(lambda one: one != SectionChoice())
own = st.lists(
    st.builds(
        OwnChart,
        st.integers(1, 99).map(lambda number: f"={number}"),
        texts,
        texts,
        st.lists(texts, max_size=3, unique=True).map(tuple),
    ),
    max_size=3,
    unique_by=lambda one: one.id,
).map(tuple)
keys = st.sampled_from([*METRICS, "=1", "gone/by"]) | texts
pages = st.builds(
    ChartPage,
    charts=st.dictionaries(keys, choices, max_size=4).map(lambda found: tuple(sorted(found.items()))),
    sections=st.dictionaries(texts | st.sampled_from(["train", "val"]), section_choices, max_size=3).map(
        lambda found: tuple(sorted(found.items()))
    ),
    order=st.lists(keys, max_size=5, unique=True).map(tuple),
    section_order=st.lists(texts | st.sampled_from(["train", "val", ""]), max_size=4, unique=True).map(tuple),
    own=own,
)


def shown(page: ChartPage) -> dict[str, list[str]]:
    """The charts of each section, in order."""
    return {section.name: [chart.key for chart in section.charts] for section in sections(page)}


def sections(page: ChartPage) -> tuple[Section, ...]:
    return arranged(page, METRICS, {})


def test_metrics_stand_in_sections_by_what_is_before_the_first_slash() -> None:
    assert shown(ChartPage()) == {
        "": ["loss", "lr"],
        "train": ["train/acc", "train/deep/er", "train/loss"],
        "val": ["val/acc"],
    }
    system = arranged(ChartPage(), ["a/b", "loss", "system/cpu", "system/ram", "z/y"], {})
    assert [one.name for one in system] == ["", "a", "z", "system"], "the machine's load is the last"


@given(pages)
def test_every_chart_that_is_not_removed_is_shown_once(page: ChartPage) -> None:
    found = [key for keys in shown(page).values() for key in keys]
    gone = {key for key, choice in page.charts if choice.removed}
    assert sorted(found) == sorted({*METRICS, *(one.id for one in page.own)} - gone)
    assert all(section.charts for section in sections(page))


@given(pages)
def test_a_page_comes_back_from_its_record(page: ChartPage) -> None:
    told: list[str] = []
    assert read_chart_page(RecordReader(json.loads(json.dumps(page.to_record())), told)) == page and not told
    assert read_view(View(chart_page=page).to_json()) == (View(chart_page=page), [])


@given(st.recursive(st.none() | st.booleans() | st.integers() | texts, lambda inner: st.lists(inner, max_size=3)))
def test_of_a_damaged_record_the_rest_stands(wrong: object) -> None:
    page = ChartPage(order=("lr",), sections=(("val", SectionChoice(folded=True)),))
    record = page.to_record() | {"charts": {"loss": wrong, "lr": {"wide": 2}}, "own": [wrong]}
    told: list[str] = []
    read = read_chart_page(RecordReader(json.loads(json.dumps(record)), told))
    assert read == ChartPage((("lr", ChartChoice(wide=2)),), page.sections, page.order)
    assert [one.split(":")[0] for one in told] == ["own", "chart_page"]


@pytest.mark.parametrize(
    "wrong", [{"wide": 3}, {"tall": True}, {"section": 1}, {"settings": {"log": {}}}, {"settings": 1}, {"title": None}]
)
def test_a_choice_that_makes_no_sense_is_told(wrong: object) -> None:
    told: list[str] = []
    read = read_chart_page(RecordReader({"charts": {"loss": wrong}, "own": [{"id": "loss", "name": "a"}]}, told))
    assert read == ChartPage() and len(told) == 2


# What a user does

places = st.sampled_from(METRICS)
names = st.sampled_from(["", "train", "val", "a new one"])


@given(pages, places, names, st.none() | places)
def test_a_chart_that_is_moved_stands_where_it_was_put_and_no_other_moves(
    page: ChartPage, key: str, section: str, before: str | None
) -> None:
    page = edits.put_back(page, [key])
    was, now = shown(page), shown(edits.move_chart(page, sections(page), key, section, before))
    if before == key:
        assert now == was
        return
    there = now[section]
    others = [one for one in was.get(section, []) if one != key]
    assert there.index(key) == (others.index(before) if before in others else len(others))
    assert [one for one in there if one != key] == others
    rest = {name: [one for one in keys if one != key] for name, keys in was.items() if name != section}
    assert {name: keys for name, keys in now.items() if name != section} == {n: k for n, k in rest.items() if k}


@given(pages, places, st.integers(-9, 9))
def test_a_chart_steps_within_its_section(page: ChartPage, key: str, by: int) -> None:
    page = edits.put_back(page, [key])
    was, now = shown(page), shown(edits.step_chart(page, sections(page), key, by))
    (name,) = (name for name, keys in was.items() if key in keys)
    place = was[name].index(key) + by
    assert now[name].index(key) == min(max(place, 0), len(was[name]) - 1)
    assert {name: sorted(keys) for name, keys in now.items()} == {name: sorted(keys) for name, keys in was.items()}


@given(pages, st.integers(-9, 9))
def test_a_section_steps_among_the_others(page: ChartPage, by: int) -> None:
    was = list(shown(page))
    name = was[len(was) // 2] if was else "none"
    now = list(shown(edits.step_section(page, sections(page), name, by)))
    assert sorted(now) == sorted(was)
    if was:
        assert now.index(name) == min(max(was.index(name) + by, 0), len(was) - 1)
        assert [one for one in now if one != name] == [one for one in was if one != name]


BACK: list[tuple[Edit, Edit]] = [
    (lambda page: edits.fold(page, "val"), lambda page: edits.fold(page, "val")),
    (lambda page: edits.remove(page, "lr"), lambda page: edits.put_back(page, ["lr"])),
    (lambda page: edits.rename_chart(page, "lr", "rate"), lambda page: edits.rename_chart(page, "lr", "")),
    (lambda page: edits.rename_section(page, "val", "held out"), lambda page: edits.rename_section(page, "val", "val")),
    (lambda page: edits.resize(page, "lr", 9, 2), lambda page: edits.resize(page, "lr", 0, 1)),
    (
        lambda page: edits.set_in_chart(page, "lr", "log", True),
        lambda page: edits.inherit_in_chart(page, "lr", ["log"]),
    ),
    (
        lambda page: edits.set_in_section(page, "val", "log", True),
        lambda page: edits.inherit_in_section(page, "val", ["log"]),
    ),
    (lambda page: edits.add_own(page, "both", "loss", ()), lambda page: edits.remove(page, page.own[-1].id)),
]


@pytest.mark.parametrize(("there", "back"), BACK)
def test_what_is_done_and_taken_back_leaves_nothing(there: Edit, back: Edit) -> None:
    assert there(ChartPage()) != ChartPage()
    assert back(there(ChartPage())) == ChartPage()


def test_all_sections_are_folded_and_unfolded_at_once() -> None:
    page = edits.fold_all(edits.fold(ChartPage(), "val"), ["train", "val"], folded=True)
    assert [one.choice.folded for one in sections(page)] == [False, True, True]
    assert edits.fold_all(page, ["train", "val"], folded=False) == ChartPage()


def test_charts_of_the_users_own_have_numbers_that_none_had_before_it() -> None:
    page = edits.add_own(edits.add_own(ChartPage(), "losses", "loss$", ()), "rates", "", ["lr"])
    assert [one.id for one in page.own] == ["=1", "=2"]
    page = edits.change_own(edits.rename_chart(page, "=1", "all losses"), OwnChart("=2", "rates", "", ("lr", "loss")))
    assert [(one.name, one.metrics) for one in page.own] == [("all losses", ()), ("rates", ("lr", "loss"))]
    found = arranged(page, METRICS, {"=1": Fits(("loss",)), "=2": Fits(problem="Too slow.")})
    first, second = found[0].charts[:2]
    assert (first.title, first.metrics, first.own) == ("all losses", ("loss",), True)
    assert (second.problem, second.metrics) == ("Too slow.", ())
    page = edits.add_own(edits.remove(page, "=1"), "again", "", ["lr"])
    assert [one.id for one in page.own] == ["=2", "=3"]


def test_what_is_set_in_a_section_is_known_to_its_charts() -> None:
    page = edits.set_in_section(ChartPage(), "train", "smoothing", 0.5)
    page = edits.set_in_chart(page, "train/acc", "log", True)
    (_, train, val) = sections(page)
    assert [(chart.around, chart.choice.settings) for chart in train.charts[:2]] == [
        ((("smoothing", 0.5),), (("log", True),)),
        ((("smoothing", 0.5),), ()),
    ]
    assert not val.charts[0].around
