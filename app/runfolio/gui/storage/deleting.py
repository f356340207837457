"""What was chosen on the page of storage goes into the trash, as far as it is still what it was. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from runfolio.core.retention import Rule
from runfolio.gui.storage.lines import Asked, Line
from runfolio.store import Store
from runfolio.store.file_trash import delete_files
from runfolio.store.operations import Outcome
from runfolio.store.steps import Steps


def delete_lines(
    look: Callable[[Store, Asked], list[Line]],
    rule: Rule,
    places: tuple[int, ...] | None,
    lines: Sequence[Line],
    store: Store,
    steps: Steps,
) -> Outcome:
    """Look once more, and move the files of those lines into the trash that are still told of.

    A line that was spare when it was chosen stays if it is none by now, such as the last copy that is left.
    """
    chosen = {file: line.spare for line in lines for file in line.files}
    found = look(store, Asked(rule, places, steps.progress, steps.stop))
    going = [file for line in found for file in line.files if file in chosen and (line.spare or not chosen[file])]
    return delete_files(store, [] if steps.stop() else going, steps)
