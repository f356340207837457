"""What a user does to annotate a chart: by dragging over a stretch with Shift held, and from its menu."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF

from runfolio.gui.curves.card import ChartCard
from runfolio.gui.curves.coordinates import from_axis
from runfolio.gui.curves.lineup import owner_of
from runfolio.gui.curves.note_dialog import NoteDialog
from runfolio.gui.curves.notes import single_runs
from runfolio.gui.curves.notes_dialog import NotesDialog
from runfolio.gui.curves.x_axes import XAxis
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.store.annotations import GREATEST_STEP, LEAST_STEP

ONLY_STEPS = "Annotations are at steps: choose step as the horizontal axis."


def follow_marking(card: ChartCard, session: Session) -> None:
    """Ask for an annotation where the user has dragged over a stretch."""
    card.plot.marked.connect(lambda first, last: annotate(card, session, (first, last)))


def annotate(card: ChartCard, session: Session, stretch: tuple[QPointF, QPointF] | None = None) -> None:
    """Ask for an annotation at a stretch, by default all that is shown, of the curve that is nearest or current."""
    if card.options.x is not XAxis.STEP:
        session.message.emit(Message(ONLY_STEPS))
        return
    if session.read_only:
        session.message.emit(Message(session.read_only, error=True))
        return
    left, right = _in_view(card) if stretch is None else (stretch[0].x(), stretch[1].x())
    log = card.options.across[2]
    steps = _step(from_axis(min(left, right), log)), _step(from_axis(max(left, right), log))
    near = None if stretch is None else card.plot.nearest(stretch[0])
    offer = replace(card.notes.offer, run=_run(card, session, near))
    NoteDialog(session, offer, steps, card.window()).open()


def show_annotations(card: ChartCard, session: Session) -> None:
    """Open the list of a chart's annotations."""
    NotesDialog(card, session, lambda: annotate(card, session), card.window()).open()


def _in_view(card: ChartCard) -> tuple[float, float]:
    """What is shown of x, as far as there are lines."""
    left, right = card.plot.span_x()
    ends = [drawn.whole for drawn in card.plot.drawn.values() if drawn.whole is not None]
    first, last = min((end[0] for end in ends), default=left), max((end[1] for end in ends), default=right)
    return (max(left, first), min(right, last)) if first < right and left < last else (left, right)


def _step(x: float) -> int:
    return round(min(max(x, float(LEAST_STEP)), float(GREATEST_STEP) / 2))


def _run(card: ChartCard, session: Session, near: int | None) -> int | None:
    """The run to annotate: that of the curve that is near, of a group its first; else the current one."""
    owners = {run: owner for run, (_, owner) in single_runs(card.shown).items()}
    current = session.selection.current
    wanted = owners.get(current) if near is None and current is not None else near
    if wanted is None:
        wanted = next(map(owner_of, card.plot.drawn), None)
    if current in owners and owners[current] == wanted:
        return current
    return next((run for run, owner in owners.items() if owner == wanted), None)
