"""The colours and fonts that the run table is painted with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont

from runfolio.core.cell_rules import Tone
from runfolio.core.states import RunStatus
from runfolio.gui.chrome.labels import scaled
from runfolio.gui.runs.lettering import Lettering

if TYPE_CHECKING:
    from runfolio.gui.theme import Theme

STATUS_ROLES = {
    RunStatus.SCHEDULED: "muted",
    RunStatus.RUNNING: "accent",
    RunStatus.FINISHED: "ok",
    RunStatus.FAILED: "bad",
    RunStatus.KILLED: "warn",
}


@dataclass(frozen=True)
class TableLook:
    """The colours of one theme as the table uses them, and its fonts."""

    dark: bool
    window: QColor
    raised: QColor
    line: QColor
    text: QColor
    muted: QColor
    accent: QColor
    accent_fill: QColor
    tones: dict[Tone, QColor]
    good: QColor
    poor: QColor
    selection: QColor
    hover: QColor
    status: dict[RunStatus, QColor]
    body: QFont
    bold: QFont
    small: QFont
    label: QFont
    chosen: Mapping[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, theme: Theme, font: QFont, chosen: Mapping[int, int] | None = None) -> TableLook:
        """The look of the theme in force with a body font, and the colours that were chosen for runs."""
        body, bold, small, label = fonts(font)
        return cls(
            dark=theme.dark,
            window=theme.color("window"),
            raised=theme.color("raised"),
            line=theme.color("line"),
            text=theme.color("text"),
            muted=theme.color("muted"),
            accent=theme.color("accent"),
            accent_fill=theme.color("accent_fill"),
            tones={tone: theme.color(tone) for tone in Tone},
            good=theme.color("heat_good"),
            poor=theme.color("heat_poor"),
            selection=theme.color("selection"),
            hover=theme.color("hover"),
            status={state: theme.color(role) for state, role in STATUS_ROLES.items()},
            body=body,
            bold=bold,
            small=small,
            label=label,
            chosen=chosen if chosen is not None else {},
        )

    @cached_property
    def plain(self) -> Lettering:
        """Writes in the body's font."""
        return Lettering(self.body)

    @cached_property
    def strong(self) -> Lettering:
        """Writes in semi-bold."""
        return Lettering(self.bold)

    @cached_property
    def slanted(self) -> Lettering:
        """Writes in italics, what is no value."""
        font = QFont(self.body)
        font.setItalic(True)
        return Lettering(font)

    @cached_property
    def fine(self) -> Lettering:
        """Writes in small letters."""
        return Lettering(self.small)

    def number(self, run: int) -> int:
        """The number of a run's colour."""
        return self.chosen.get(run, run)

    def heat(self, share: float) -> QColor:
        """From the worst at 0, over the background in the middle, to the best at 1."""
        end, part = (self.good, 2 * share - 1) if share >= 0.5 else (self.poor, 1 - 2 * share)
        return mixed(self.window, end, part)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """One colour with a share of another one, 0 to 1."""
    pairs = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in pairs))


def fonts(body: QFont) -> tuple[QFont, QFont, QFont, QFont]:
    """Body with figures of one width, semi-bold, small, and the upper-case label of a group."""
    tabular = QFont(body)
    tabular.setFeature(QFont.Tag("tnum"), 1)
    bold = QFont(tabular)
    bold.setWeight(QFont.Weight.DemiBold)
    small = scaled(tabular, 0.9)
    label = scaled(tabular, 0.84)
    label.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 106)
    return tabular, bold, small, label
