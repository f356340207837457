"""The line that a filter is typed in."""

from runfolio.gui.filter.line import FilterLine as FilterLine
