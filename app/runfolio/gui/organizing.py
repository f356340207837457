"""Commands that mean the experiments while the keyboard is in the navigator, and else the runs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from runfolio.core.numbers import counted
from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.gui.going import to_storage
from runfolio.gui.messages import Message
from runfolio.gui.middle import QUEUE, REGISTRY, STORAGE, TRASH
from runfolio.gui.navigator import commands
from runfolio.gui.navigator.moves import moving
from runfolio.store.steps import InSteps
from runfolio.store.trash import delete_runs

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow
    from runfolio.gui.trash.page import TrashPage


def has_chosen(window: MainWindow) -> bool:
    """Enabled while something is chosen in the tree that can be changed."""
    return not window.session.store.read_only and bool(window.navigator.chosen())


def has_experiment(window: MainWindow) -> bool:
    """Enabled while an experiment is chosen in the tree."""
    return any(node.experiment is not None for node in window.navigator.chosen())


def can_merge(window: MainWindow) -> bool:
    """Enabled while experiments, and no folders, are chosen."""
    chosen = window.navigator.chosen()
    return not window.session.store.read_only and bool(chosen) and all(node.experiment is not None for node in chosen)


def rename(window: MainWindow) -> None:
    """Rename what the keyboard is on: a row of the tree, else the current run."""
    if _in_tree(window):
        window.navigator.rename_current()
    elif window.runs.view.current_row() is None:
        window.session.message.emit(Message("Nothing is selected that could be renamed: choose a run first."))
    else:
        window.runs.rename_current()


def move_to_trash(window: MainWindow) -> None:
    """Put the chosen experiments, else the selected runs, into the trash."""
    chosen = [row.run.id for row in window.navigator.tree.chosen_runs() if row.run is not None]
    runs = chosen if window.navigator.tree.hasFocus() and chosen else window.session.selection.ids.tolist()
    if _in_tree(window):
        if window.navigator.chosen():
            commands.move_to_trash(window.navigator)
        else:
            window.session.message.emit(Message("Nothing is selected in the tree that could go to the trash."))
    elif window.middle.shown == STORAGE:
        to_storage(window).delete_chosen()
    elif window.middle.shown == REGISTRY:
        versions_to_trash(window)
    elif window.middle.shown == QUEUE:
        window.actions_by_id["job.remove"].trigger()
    elif window.middle.shown == TRASH:
        window.session.message.emit(Message("This is in the trash already: Empty Trash removes it for good."))
    elif runs:
        going = InSteps(lambda store, steps: delete_runs(store, runs, steps), "Moving to the trash")
        window.session.run(going)
    else:
        window.session.message.emit(Message("Nothing is selected that could go to the trash: choose a run first."))


def versions_to_trash(window: MainWindow) -> None:
    """Put the versions of a registered model that are selected into the trash."""
    if window.session.registry.versions:
        window.actions_by_id["version.remove"].trigger()
    else:
        window.session.message.emit(Message("Nothing is selected that could go to the trash: choose a version first."))


def move_runs_to(window: MainWindow) -> None:
    """Ask for the experiment that the selected runs are to be in."""
    runs, session = window.session.selection.ids.tolist(), window.session

    def choose(experiment: int) -> None:
        session.run(moving(runs, experiment))

    here = session.selection.experiments
    entries = [
        Entry(one.name, counted(one.runs, "run"), "experiment", partial(choose, one.id))
        for one in window.navigator.experiments
        if here != (one.id,)
    ]
    palette = Palette(entries, session.theme.color("muted"), window)
    palette.field.setPlaceholderText(f"Move {counted(len(runs), 'run')} to…")
    palette.field.setAccessibleName("Experiment to move the runs to")
    palette.open_over(window)


def new_experiment(window: MainWindow) -> None:
    """Ask for the name of a new experiment."""
    commands.make_experiment(window.navigator)


def new_folder(window: MainWindow) -> None:
    """Ask for the name of a new folder."""
    commands.make_folder(window.navigator)


def move_to(window: MainWindow) -> None:
    """Ask for the folder that the chosen rows are to be in."""
    commands.move_to(window.navigator)


def merge_into(window: MainWindow) -> None:
    """Ask for the experiment that the chosen ones are to be merged into."""
    commands.merge_into(window.navigator)


def describe(window: MainWindow) -> None:
    """Open the dialog of the chosen experiment."""
    commands.describe(window.navigator)


def has_trash(window: MainWindow) -> bool:
    """Enabled while there is something in the trash that can be taken back."""
    return window.navigator.trash.count > 0 and not window.session.store.read_only


def open_trash(window: MainWindow) -> TrashPage:
    """Show what is in the trash."""
    from runfolio.gui.trash.page import TrashPage  # not before it is wanted

    window.middle.go_to(TRASH)
    page = window.middle.currentWidget()
    assert isinstance(page, TrashPage)
    return page


def empty_trash(window: MainWindow) -> None:
    """Say how much would be gone, and ask."""
    open_trash(window).bar.count()


def restore_everything(window: MainWindow) -> None:
    """Take everything out of the trash."""
    page = open_trash(window)
    page.when_read(page.restore_everything)


def _in_tree(window: MainWindow) -> bool:
    """Whether the keyboard is on experiments or folders; runs are the same in the tree as in the table."""
    return window.navigator.tree.hasFocus() and not window.navigator.tree.chosen_runs()
