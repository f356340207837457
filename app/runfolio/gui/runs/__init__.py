"""The run table: an array of run ids, the rows on screen, and the view that shows them."""

from runfolio.gui.runs.table import RunTable as RunTable
