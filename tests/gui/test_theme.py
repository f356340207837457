"""Both themes: whole, readable, and taken on by everything on screen the moment they are chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from string import Template

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.paths import resource
from runfolio.gui.icons import icon
from runfolio.gui.inspector.highlight import CODE_ROLES
from runfolio.gui.runs.look import STATUS_ROLES, TableLook
from runfolio.gui.theme import SYMBOLS, Mode, Theme, style_sheet
from runfolio.gui.theme.tokens import DARK, LIGHT
from runfolio.store import Store
from tests.gui.conftest import Opener
from tests.gui.writing import Writer, number_of

TOKENS = {Mode.DARK: DARK, Mode.LIGHT: LIGHT}
each_mode = pytest.mark.parametrize("mode", TOKENS)

# What each colour of text is drawn on. `faint` is for what is disabled, which need not be readable.
SURFACES = ("window", "panel", "raised", "hover", "selection")
STATUS = ("window", "raised", "hover", "selection")
BEHIND: dict[str, tuple[str, ...]] = {
    "text": SURFACES,
    "muted": (*SURFACES, "accent_fill"),
    "accent_text": ("accent",),
    "accent": ("accent_fill", "panel", "raised"),
    "ok": STATUS,
    "warn": STATUS,
    "bad": (*STATUS, "panel"),
    **dict.fromkeys(CODE_ROLES, ("window", "panel", "raised", "selection")),
}


@pytest.fixture
def theme(qtbot: QtBot, qapp: QApplication) -> Iterator[Theme]:
    """The dark theme, applied until the end of the test."""
    sheet, palette = qapp.styleSheet(), qapp.palette()
    one = Theme(Mode.DARK)
    one.apply()
    yield one
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)


def luminance(color: str) -> float:
    """WCAG 2.1, relative luminance."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def colors_of(widget: QWidget) -> dict[str, int]:
    """How many pixels of a widget have each colour."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(picture.constBits(), np.uint32) & 0xFFFFFF
    return {f"#{color:06x}": int(count) for color, count in zip(*np.unique(pixels, return_counts=True), strict=True)}


# The colours


def test_both_themes_have_every_colour() -> None:
    assert DARK.keys() == LIGHT.keys()
    assert {*STATUS_ROLES.values(), *CODE_ROLES, *SYMBOLS.values(), *BEHIND, *sum(BEHIND.values(), ())} <= DARK.keys()
    assert all(re.fullmatch("#[0-9a-f]{6}", color) for color in (*DARK.values(), *LIGHT.values()))


@each_mode
def test_the_style_sheet_is_filled_from_them(mode: Mode, tmp_path: Path) -> None:
    source = resource("resources", "style.qss").read_text(encoding="utf-8")
    symbols = {f"icon_{name.replace('-', '_')}" for name in SYMBOLS}
    assert set(Template(source).get_identifiers()) <= DARK.keys() | symbols
    assert not re.search(r":[^;{}]*#[0-9a-f]{3,8}\b", source), "no colour of its own"
    filled = style_sheet(TOKENS[mode], tmp_path)
    assert "$" not in filled
    for path in re.findall(r"url\((.*?)\)", filled):
        assert "currentColor" not in Path(path).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("mode", "front"),
    [(mode, front) for mode in TOKENS for front in BEHIND],
)
def test_text_is_readable(mode: Mode, front: str) -> None:
    tokens = TOKENS[mode]
    ratios = {behind: round(contrast(tokens[front], tokens[behind]), 2) for behind in BEHIND[front]}
    assert min(ratios.values()) >= 4.5, ratios


def test_the_measure_of_contrast() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == round(contrast("#ffffff", "#000000"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


# Choosing


def test_toggling_goes_from_one_to_the_other(qtbot: QtBot, theme: Theme) -> None:
    for mode in (Mode.LIGHT, Mode.DARK, Mode.LIGHT):
        with qtbot.waitSignal(theme.theme_changed):
            theme.toggle()
        assert (theme.mode, theme.dark) == (mode, mode is Mode.DARK)
        assert {name: theme.color(name).name() for name in DARK} == TOKENS[mode]


def test_the_same_choice_is_no_news(qtbot: QtBot, theme: Theme) -> None:
    with qtbot.assertNotEmitted(theme.theme_changed):
        theme.set_mode(Mode.DARK)
        theme.set_mode(Mode.SYSTEM)
    assert theme.dark, "a system without a wish has it dark"
    theme.toggle()
    assert theme.mode is Mode.LIGHT


def test_a_colour_that_is_none_is_a_bug(theme: Theme) -> None:
    with pytest.raises(KeyError):
        theme.color("pink")


# On screen


def test_widgets_and_icons_take_it_on(qtbot: QtBot, theme: Theme) -> None:
    label, symbol = QLabel("x" * 40), icon("search", "muted")
    qtbot.addWidget(label)
    label.setAutoFillBackground(True)
    label.show()
    for mode in (Mode.DARK, Mode.LIGHT, Mode.DARK):
        theme.set_mode(mode)
        tokens, found = TOKENS[mode], colors_of(label)
        assert max(found, key=found.__getitem__) == tokens["window"] and tokens["text"] in found
        picture = symbol.pixmap(QSize(64, 64)).toImage()
        drawn = {picture.pixelColor(x, y).name() for x in range(64) for y in range(64) if solid(picture, x, y)}
        assert drawn == {tokens["muted"]}
        assert label.palette().color(QPalette.ColorRole.Window) == QColor(tokens["window"])


def solid(picture: QImage, x: int, y: int) -> bool:
    return picture.pixelColor(x, y).alpha() == 255


def test_a_whole_window_takes_it_on(qtbot: QtBot, store: Store, theme: Theme, open_window: Opener) -> None:
    writer = Writer(store.path)
    run = writer.run("brave-otter")
    run.log_params({"lr": 0.001})
    writer.points(run, "val/acc", [0.5, 0.96, 0.95])
    writer.end(run)
    writer.commit()
    window = open_window(store)
    window.session.select_experiments([1])
    window.session.select_runs([number_of(store, run)])
    qtbot.waitUntil(lambda: window.inspector.details is not None)
    for mode in (Mode.DARK, Mode.LIGHT, Mode.DARK):
        theme.set_mode(mode)
        new, old = (TOKENS[mode], TOKENS[Mode.LIGHT if mode is Mode.DARK else Mode.DARK])
        for name in ("window", "panel", "raised"):
            qtbot.waitUntil(lambda color=old[name]: color not in colors_of(window))  # type: ignore[misc]
            assert new[name] in colors_of(window)
    writer.close()


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
@each_mode
def test_a_value_can_be_read_on_any_heat(theme: Theme, mode: Mode, share: float) -> None:
    theme.set_mode(mode)
    look = TableLook.of(theme, QFont())
    assert contrast(look.text.name(), look.heat(share).name()) >= 4.5
    assert contrast(look.muted.name(), look.heat(0.5).name()) >= 4.5


@each_mode
def test_good_and_poor_are_told_apart_without_red_or_green(mode: Mode) -> None:
    """Blue against orange: what eyes without red or without green see of it differs in blue alone."""
    good, poor = QColor(TOKENS[mode]["heat_good"]), QColor(TOKENS[mode]["heat_poor"])
    assert abs(good.blue() - poor.blue()) > 80
