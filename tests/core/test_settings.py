"""Preferences are kept, and nonsense in their file does no harm."""

from __future__ import annotations

import logging
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core import settings


def test_defaults_and_changes() -> None:
    assert settings.load() == {setting.key: setting.default for setting in settings.SETTINGS}
    settings.save({"theme": "dark"})
    settings.remember_store(Path("/a"))
    settings.remember_store(Path("/b"))
    settings.remember_store(Path("/a"))
    found = settings.load()
    assert (found["theme"], found["recent_stores"], found["live_sort"]) == ("dark", ("/a", "/b"), False)


@pytest.mark.parametrize("setting", [one for one in settings.SETTINGS if one.page], ids=lambda one: one.key)
def test_a_setting_of_the_page_is_explained_and_has_something_to_choose(setting: settings.Setting) -> None:
    assert setting.title and setting.help.endswith(".")
    assert isinstance(setting.default, bool) or setting.default in setting.choices


@given(st.booleans())
def test_a_switch_is_kept(on: bool) -> None:
    settings.save({"live_sort": on})
    assert settings.load()["live_sort"] is on


def test_a_value_that_makes_no_sense_counts_as_the_default() -> None:
    file = settings.settings_file()
    file.parent.mkdir(parents=True)
    file.write_text('theme = "pink"\nlive_sort = 1\nrow_height = 3\nrecent_stores = ["/a", 2]\nunknown = 1\n')
    assert settings.load() == {setting.key: setting.default for setting in settings.SETTINGS}


def test_a_file_that_is_no_toml_is_told_once_and_survived(caplog: pytest.LogCaptureFixture) -> None:
    file = settings.settings_file()
    file.parent.mkdir(parents=True)
    file.write_bytes(b"\xff = [")
    with caplog.at_level(logging.WARNING):
        assert settings.load()["theme"] == "system"
    assert "cannot be read" in caplog.text


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=3))
def test_any_text_comes_back(paths: list[str]) -> None:
    settings.save({"recent_stores": tuple(paths)})
    assert settings.load()["recent_stores"] == tuple(paths)


def test_what_another_version_keeps_there_stays() -> None:
    file = settings.settings_file()
    file.parent.mkdir(parents=True)
    text = 'theme = "dark"\nrow_height = 3\nlater = [1, "a", true, 1.5, {b = 2024-01-02}]\n[table]\n"a key" = inf\n'
    file.write_text(text)
    settings.save({"theme": "light"})
    assert tomllib.loads(file.read_text()) == {**tomllib.loads(text), "theme": "light"}


def test_a_broken_file_is_kept_beside_the_new_one() -> None:
    file = settings.settings_file()
    file.parent.mkdir(parents=True)
    file.write_text("theme = dark # no quotes")
    settings.save({"theme": "light"})
    assert settings.load()["theme"] == "light"
    assert file.with_name(f"{file.name}.broken").read_text() == "theme = dark # no quotes"
