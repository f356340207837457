"""What other parts put into a window: sections and entries of the navigator, and what goes on while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from runfolio.gui.projects.section import add_projects
from runfolio.gui.queue.entry import add_jobs
from runfolio.gui.registry.delivering import add_delivering
from runfolio.gui.registry.section import add_models
from runfolio.gui.serving.entry import add_serving
from runfolio.gui.views.buttons import add_buttons

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


def add_parts(window: MainWindow) -> None:
    """Put all of them into a window, in the order in which they are seen."""
    for add in (add_models, add_projects, add_delivering, add_buttons, add_jobs, add_serving):
        add(window)
