"""The colours and fonts that the run table is painted with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont

from runfolio.core.states import RunStatus
from runfolio.gui.chrome.labels import scaled

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
    line: QColor
    text: QColor
    muted: QColor
    accent: QColor
    accent_fill: QColor
    warn: QColor
    selection: QColor
    hover: QColor
    status: dict[RunStatus, QColor]
    body: QFont
    bold: QFont
    small: QFont
    label: QFont

    @classmethod
    def of(cls, theme: Theme, font: QFont) -> TableLook:
        """The look of the theme in force with a body font."""
        body, bold, small, label = fonts(font)
        return cls(
            dark=theme.dark,
            window=theme.color("window"),
            line=theme.color("line"),
            text=theme.color("text"),
            muted=theme.color("muted"),
            accent=theme.color("accent"),
            accent_fill=theme.color("accent_fill"),
            warn=theme.color("warn"),
            selection=theme.color("selection"),
            hover=theme.color("hover"),
            status={state: theme.color(role) for state, role in STATUS_ROLES.items()},
            body=body,
            bold=bold,
            small=small,
            label=label,
        )


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
