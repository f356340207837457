"""What is edited in place of a run or an experiment, as operations; what was refused is not to be typed once more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from runfolio.core.states import NOTE
from runfolio.gui.inspector.heading import NameEdit
from runfolio.gui.inspector.note_edit import NoteView
from runfolio.gui.inspector.tags import TagChips
from runfolio.gui.messages import Message
from runfolio.gui.session import Session
from runfolio.store.operations import Operation, rename_run, rename_tag, set_tag

#: Of a run or experiment: its number and its new name.
Rename = Callable[[int, str], Operation]
#: Its number, the key of a tag, its value or None for none, and the key that it replaces, or nothing.
SetTag = Callable[[int, str, str | None, str], Operation]


def keep_edits(
    session: Session, name: NameEdit, tags: TagChips, note: NoteView, rename: Rename, set_one: SetTag
) -> None:
    """Have what is edited there carried out, as these say."""

    def keep(operation: Operation, editor: QWidget, again: Callable[[], None]) -> None:
        session.run(operation, failed=partial(_ask_again, session, editor, again))

    def on_renamed(number: int, text: str) -> None:
        keep(rename(number, text), name, partial(name.edit_again, number, text))

    def on_set(number: int, key: str, value: str, replaced: str) -> None:
        again = partial(tags.edit_again, number, key, value, replaced)
        keep(set_one(number, key, value, replaced), tags, again)

    def on_note(number: int, text: str) -> None:
        keep(set_one(number, NOTE, text or None, ""), note, partial(note.edit_again, number, text))

    name.renamed.connect(on_renamed)
    tags.set_asked.connect(on_set)
    tags.remove_asked.connect(lambda number, key: session.run(set_one(number, key, None, "")))
    note.changed.connect(on_note)


def keep_run_edits(session: Session, name: NameEdit, tags: TagChips, note: NoteView) -> None:
    """Have what is edited of a run carried out."""
    keep_edits(session, name, tags, note, _rename_run, _set_run_tag)


def _rename_run(run: int, name: str) -> Operation:
    return partial(rename_run, run=run, name=name)


def _set_run_tag(run: int, key: str, value: str | None, replaced: str) -> Operation:
    if replaced and value is not None:
        return partial(rename_tag, run=run, key=replaced, new=key, value=value)
    return partial(set_tag, run=run, key=key, value=value)


def _ask_again(session: Session, editor: QWidget, again: Callable[[], None], error: Exception) -> None:
    session.message.emit(Message.of_error(error))
    if isValid(editor):  # a dialog may have been left meanwhile
        again()
