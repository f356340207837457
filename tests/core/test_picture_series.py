"""Which pictures are a series, by their names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.picture_series import STEP, Logged, is_picture, logged_at, series_of, short_name

LOGGED = "images/val~sample+step+{}+timestamp+1700000000000+0a1b2c3d-0000-4000-8000-000000000000{}"
OLDER = LOGGED.replace("+", "%").replace("~", "#")


@pytest.mark.parametrize(("name", "copy"), [(LOGGED, "+compressed.webp"), (OLDER, "%compressed.webp")])
def test_pictures_logged_with_a_step_are_a_series(name: str, copy: str) -> None:
    files = [name.format(step, end) for step in (10, 2) for end in (".png", copy)]
    assert series_of(files) == {"images/val/sample": {2: files[2], 10: files[0]}}
    assert series_of(files[:2]) == {"images/val/sample": {10: files[0]}}, "one alone will have others soon"


def test_names_that_differ_in_their_last_number_are_a_series() -> None:
    files = ["a/sample_001.png", "a/sample_020.png", "a/sample_020.txt", "a/plot.png", "b/sample_1.png", "2/x.png"]
    assert series_of(files) == {"a/sample_#.png": {1: files[0], 20: files[1]}}
    assert logged_at("fid50k_step100_grid.jpg") == Logged("fid50k_step#_grid.jpg", 100)


@given(st.text())
def test_any_name_is_a_picture_of_one_series_or_none(path: str) -> None:
    found = logged_at(path)
    assert found is None or (is_picture(path) and found.step >= 0)
    assert series_of([path]) == {} or STEP.search(path)


def test_a_short_name_has_key_and_step() -> None:
    name = LOGGED.rpartition("/")[2].format(12, ".png")
    assert short_name(name) == "val~sample step 12"
    assert short_name(name.replace(".png", "+compressed.webp")) == "val~sample small step 12"
    assert short_name("plot_12.png") == "plot_12.png"
