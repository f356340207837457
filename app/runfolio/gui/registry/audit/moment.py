"""A field for a date and a time, with a calendar in the colours of the theme."""

from __future__ import annotations

from PySide6.QtCore import QDateTime, Qt
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QDateTimeEdit, QToolButton

from runfolio.gui.icons import icon

#: The buttons of Qt's calendar, by the names that it gives them.
ARROWS = {"qt_calendar_prevmonth": "chevron-left", "qt_calendar_nextmonth": "chevron-right"}


class MomentEdit(QDateTimeEdit):
    """Begins with this moment."""

    def __init__(self) -> None:
        super().__init__(QDateTime.currentDateTime())
        self.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.setCalendarPopup(True)
        calendar = self.calendarWidget()
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):  # Qt has them red, which is for failure
            calendar.setWeekdayTextFormat(day, QTextCharFormat())
        for name, symbol in ARROWS.items():
            button = calendar.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                button.setIcon(icon(symbol, "text"))
