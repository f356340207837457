"""What can be done with the rows of the tree that are chosen: each is one operation, and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from runfolio.core.numbers import counted
from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.gui.messages import Message
from runfolio.gui.navigator import moves
from runfolio.gui.navigator.describe import ExperimentDialog
from runfolio.gui.navigator.moves import Move
from runfolio.gui.navigator.prompt import NamePrompt
from runfolio.gui.navigator.tree import Node, experiments_below
from runfolio.store.folders import is_at
from runfolio.store.merging import new_experiment
from runfolio.store.operations import Operation, Outcome
from runfolio.store.steps import InSteps
from runfolio.store.trash import delete_experiments

if TYPE_CHECKING:
    from runfolio.gui.navigator.view import Navigator

TOP = "The top"


def make_experiment(navigator: Navigator) -> None:
    """Ask for a name, beginning with the folder that is chosen, and make an experiment of that name."""

    def made(name: str) -> None:
        navigator.expect(name)
        navigator.session.run(partial(new_experiment, name=name))

    _ask(navigator, "New experiment", made)


def make_folder(navigator: Navigator) -> None:
    """Ask for a name and have a folder of it, which is there for this user until something is in it."""

    def made(path: str) -> None:
        _set_folders(navigator, [*navigator.openness.folders, path], f"Made the folder {path}")
        navigator.reveal(path)

    _ask(navigator, "New folder", made)


def rename(navigator: Navigator, old: str, new: str) -> None:
    """Give a folder or an experiment another path."""
    move = moves.to_paths([navigator.model.node(navigator.model.find(old))], {old: new})
    carry_out(navigator, move, partial(_ask_again, navigator, old, new))


def _ask_again(navigator: Navigator, old: str, new: str, error: Exception) -> None:
    """A name that was refused is not to be typed once more."""
    navigator.session.message.emit(Message.of_error(error, "This could not be renamed."))
    folder = old.rpartition("/")[0]
    navigator.edit_name(old, new[len(folder) + 1 :] if folder else new)


def carry_out(navigator: Navigator, move: Move, failed: Callable[[Exception], None] | None = None) -> None:
    """Do what a drop or a menu means. Empty folders, which are no concern of the store, go along."""
    if move.operation is not None:
        if move.heir is not None:
            navigator.heirs.name(navigator.session.selection.experiments, move.heir)
        navigator.session.run(move.operation, _following(navigator, move.paths), failed)
        return
    folders = list(navigator.openness.folders)
    for old, new in move.paths:
        folders = [new + path[len(old) :] if is_at(path, old) else path for path in folders]
    _set_folders(navigator, folders, move.text)


def move_to(navigator: Navigator) -> None:
    """Ask for the folder that what is chosen is to be in."""
    chosen = navigator.chosen()
    folders = [node.path for node in navigator.model.root.walk() if node.experiment is None or node.children]
    entries = [_move_entry(navigator, chosen, path) for path in folders]
    palette = _palette(navigator, f"Move {_named(chosen)} to…", [entry for entry in entries if entry is not None])
    palette.asked.connect(partial(_offer_new, navigator, palette, chosen))


def merge_into(navigator: Navigator) -> None:
    """Ask for the experiment that those chosen are to be merged into."""
    chosen = navigator.chosen()
    entries = []
    for node in navigator.model.root.walk():
        move = moves.into_experiment(chosen, node) if node not in chosen else None
        if move is not None:
            runs = counted(node.runs, "run")
            entries.append(Entry(node.path, runs, "experiment", partial(carry_out, navigator, move)))
    goes = "it goes" if len(chosen) == 1 else "they go"
    _palette(navigator, f"Merge {_named(chosen)} into… (the runs move, then {goes} to the trash)", entries)


def move_to_trash(navigator: Navigator) -> None:
    """Put the experiments that are chosen, or are in folders that are, into the trash; empty folders just go."""
    chosen = navigator.chosen()
    found = experiments_below(part for node in chosen for part in _here(node))
    if found:
        going = InSteps(lambda store, steps: delete_experiments(store, found, steps), "Moving to the trash")
        navigator.session.run(going)
        return
    folders = [path for path in navigator.openness.folders if not any(is_at(path, node.path) for node in chosen)]
    _set_folders(navigator, folders, "Removed an empty folder")


def describe(navigator: Navigator) -> None:
    """Open the dialog with name, tags and description of the first experiment that is chosen."""
    node = next((node for node in navigator.chosen() if node.experiment is not None), None)
    if node is not None and node.experiment is not None:
        ExperimentDialog(navigator.session, node.experiment.id, navigator.window()).show()


def _set_folders(navigator: Navigator, folders: list[str], text: str) -> None:
    """Have other empty folders. They are no data of the store, but undone in the order in which that is."""
    before, after = navigator.openness.folders, tuple(dict.fromkeys(folders))

    def follow(done: bool) -> None:
        old, new = (before, after) if done else (after, before)
        kept = [path for path in navigator.openness.folders if path in new or path not in old]
        navigator.set_folders(tuple(dict.fromkeys([*kept, *(path for path in new if path not in old)])))

    follow(True)
    navigator.session.run(_only_told(text), follow)


def _only_told(text: str) -> Operation:
    """Something that is no concern of the store."""
    return lambda _store: Outcome(text, _only_told(""))


def _following(navigator: Navigator, paths: tuple[tuple[str, str], ...]) -> Callable[[bool], None]:
    """What is remembered of folders goes with them, there and back."""
    openness, before = navigator.openness, navigator.openness.folders

    def follow(done: bool) -> None:
        for old, new in paths if done else [(new, old) for old, new in reversed(paths)]:
            openness.move(old, new)
        navigator.set_folders(openness.folders if done else before)

    return follow


def _ask(navigator: Navigator, title: str, made: Callable[[str], object]) -> None:
    chosen = navigator.chosen()
    folder = chosen[0].folder if chosen else ""
    prompt = NamePrompt(title, f"{folder}/" if folder else "", navigator.is_taken, made, navigator.window())
    prompt.open_over(navigator.window())


def _palette(navigator: Navigator, title: str, entries: list[Entry]) -> Palette:
    palette = Palette(entries, navigator.session.theme.color("muted"), navigator.window())
    palette.field.setPlaceholderText(title)
    palette.field.setAccessibleName(title)
    palette.open_over(navigator.window())
    return palette


def _move_entry(navigator: Navigator, chosen: list[Node], folder: str, title: str = "") -> Entry | None:
    move = moves.to_folder(chosen, folder)
    if move is None:
        return None
    return Entry(title or folder or TOP, "folder", "folder", partial(carry_out, navigator, move))


def _offer_new(navigator: Navigator, palette: Palette, chosen: list[Node], text: str) -> None:
    """A folder that there is not yet."""
    path = text.strip().strip("/")
    fresh = path and not navigator.model.find(path).isValid()
    entry = _move_entry(navigator, chosen, path, f"New folder {path}") if fresh else None
    palette.add([entry] if entry is not None else [])


def _here(node: Node) -> list[Node]:
    """An experiment alone, or a folder with all in it."""
    return [node] if node.experiment is not None else [*node.walk()]


def _named(nodes: list[Node]) -> str:
    return nodes[0].name if len(nodes) == 1 else f"{len(nodes):,} rows"
