"""The context menu of cards: where they could move, with what the gates say, and all that is done with versions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from runfolio.gui.chrome.labels import as_caption
from runfolio.gui.icons import icon
from runfolio.gui.registry.commands import OF_VERSIONS
from runfolio.gui.registry.weighing import Weighed, weigh

if TYPE_CHECKING:
    from runfolio.gui.registry.board import Board


def version_menu(board: Board) -> QMenu:
    """The menu of the selected cards; what gates say comes to it when they have answered."""
    menu = QMenu(board)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    stages, writable = board.stages(), not board.session.read_only
    chosen = [one for one in board.session.registry.versions if one in stages]
    moves = menu.addMenu(icon("model", "muted"), "Move to")
    moves.setEnabled(writable)
    actions = {}
    for stage in board.shown.policy.stages:
        actions[stage] = moves.addAction(as_caption(stage))
        actions[stage].triggered.connect(partial(board.session.registry.ask_move, stage))
        actions[stage].setEnabled(any(stages[one] != stage for one in chosen))

    def tell(found: dict[str, Weighed]) -> None:
        for stage, weighed in found.items():
            if weighed.versions and weighed.summary:
                actions[stage].setText(as_caption(f"{stage}   {weighed.summary}"))

    homes = {one: stages[one] for one in chosen}
    work = partial(weigh, board.session.store, board.shown.name, board.shown.policy, homes)
    job = board.session.jobs.read(work, tell, channel="registry.menu", failed=lambda error: None)
    menu.aboutToHide.connect(job.cancel)
    for command in OF_VERSIONS:
        if command.name == "move":
            continue
        item = menu.addAction(command.title)
        if command.symbol:
            item.setIcon(icon(command.symbol, "muted"))
        item.setEnabled(writable or not command.changes)
        item.triggered.connect(partial(_do, board, command.name))
    return menu


def _do(board: Board, name: str) -> None:
    getattr(board.commands, name)()
