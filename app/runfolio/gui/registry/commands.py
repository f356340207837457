"""What is done with the selected versions of a registered model: menus, buttons and keys call these."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from runfolio.core import rules
from runfolio.core.numbers import counted
from runfolio.core.registry.history import previous_holder
from runfolio.core.registry.names import ARCHIVED, NONE, PRODUCTION
from runfolio.core.registry.names import alias as checked_alias
from runfolio.core.registry.policy import Policy
from runfolio.core.registry.records import ModelVersion
from runfolio.gui.chrome.palette import Entry, Palette
from runfolio.gui.messages import Message
from runfolio.gui.middle import REGISTRY
from runfolio.gui.registry.arrivals import Arrival
from runfolio.gui.registry.cards import named
from runfolio.gui.registry.moves import deleting, one_after_another
from runfolio.gui.registry.prompts import Field, Prompt
from runfolio.gui.registry.register import register_arrival
from runfolio.gui.registry.weighing import Weighed, weigh
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.registry.aliases import delete_alias, set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.policies import policy_of
from runfolio.store.registry.reading import list_versions
from runfolio.store.registry.transitions import rollback
from runfolio.store.registry.versions import describe_version, restore_version, tag_version
from runfolio.store.runs import get_run

if TYPE_CHECKING:
    from runfolio.gui.main_window import MainWindow


@dataclass(frozen=True, slots=True)
class VersionCommand:
    """A command of the registry.

    Attributes:
        name: that of the method of `VersionCommands`.
        title, key, symbol: as in `actions.Action`.
        chosen: whether it is about selected versions.
        changes: whether it changes something.
    """

    name: str
    title: str
    key: str = ""
    symbol: str = ""
    chosen: bool = True
    changes: bool = True

    def when(self, window: MainWindow) -> bool:
        """Whether it makes sense: on the page of the registry, with versions selected where it is about them."""
        registry, read_only = window.session.registry, window.session.read_only
        there = window.middle.shown == REGISTRY and bool(registry.model)
        return there and (bool(registry.versions) or not self.chosen) and not (self.changes and read_only)


OF_VERSIONS = (
    VersionCommand("move", "Move Versions To…", "Ctrl+Alt+M", "model"),
    VersionCommand("roll_back", "Roll Back…", "Ctrl+Alt+K", "undo", chosen=False),
    VersionCommand("serve", "Serve…", "", "serving", chosen=False),
    VersionCommand("set_alias", "Set an Alias…", "", "tag"),
    VersionCommand("remove_alias", "Remove an Alias…", "", ""),
    VersionCommand("tag", "Set a Tag of the Version…", "", "tag"),
    VersionCommand("describe", "Describe the Version…", "", "edit"),
    VersionCommand("go_to_its_run", "Go to the Version's Run", "", "run", changes=False),
    VersionCommand("copy_address", "Copy the Version's Address", "", "copy", changes=False),
    VersionCommand("remove", "Move Versions to the Trash", "", "trash"),
    VersionCommand("restore", "Restore a Version From the Trash…", "", "undo", chosen=False),
)


def do(window: MainWindow, command: VersionCommand) -> None:
    """Carry out a command of the page."""
    getattr(VersionCommands(window.session, window), command.name)()


class VersionCommands:
    """Acts on what is selected in `session.registry`."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        self._session, self._parent = session, parent

    @property
    def _model(self) -> str:
        return self._session.registry.model

    @property
    def _versions(self) -> tuple[int, ...]:
        return self._session.registry.versions

    def register_run(self) -> None:
        """Register the model of the current run under this name."""
        run = self._session.selection.current
        if run is None:
            told = "Select a run first, or drag one here from the navigator: its model becomes the next version."
            self._session.message.emit(Message(told))
        else:
            register_arrival(self._session, self._parent, Arrival("", run=run), self._model)

    def move(self) -> None:
        """Choose the stage that the selected versions are to move to."""
        work = partial(self._weigh, self._session.store, self._model, self._versions)
        self._session.jobs.read(work, self._offer_stages)

    @staticmethod
    def _weigh(store: Store, name: str, versions: Sequence[int]) -> dict[str, Weighed]:
        homes = {one.version: one.stage for one in list_versions(store, name) if one.version in versions}
        return weigh(store, name, policy_of(store, name), homes)

    def _offer_stages(self, found: dict[str, Weighed]) -> None:
        choose = self._session.registry.ask_move
        entries = [
            Entry(stage, one.summary, "model", partial(choose, stage)) for stage, one in found.items() if one.versions
        ]
        self._open(entries, f"Move {named(self._versions)} to…", "Stage to move the versions to")

    def roll_back(self) -> None:
        """Have the version that was in a stage before back there, for a reason."""
        work = partial(_before, self._session.store, self._model, self._versions)
        self._session.jobs.read(work, self._ask_roll_back)

    def _ask_roll_back(self, found: Before) -> None:
        name = self._model
        if found.version is None:
            told = f"No other version of {name} was in {found.stage} before."
            self._session.message.emit(Message(told))
            return

        def done(texts: tuple[str, ...]) -> None:
            self._session.run(partial(rollback, name=name, stage=found.stage, reason=texts[0]))

        prompt = Prompt(f"Roll back {name}", "Roll back", (Field("&Reason"),), done, self._parent.window())
        away = f", and {named(found.holders)} moves to {ARCHIVED}" if found.holders else ""
        prompt.tell(f"v{found.version} goes back to {found.stage}{away}. Its gates are not asked.")
        prompt.open()

    def serve(self) -> None:
        """Serve the selected version; what follows its stage where it has one, and without one the stage in service."""
        work = partial(_served_address, self._session.store, self._model, self._versions)
        self._session.jobs.read(work, self._session.serving.serve_asked.emit)

    def set_alias(self) -> None:
        """Give the current version an alias."""
        name, version = self._model, self._versions[-1]

        def done(texts: tuple[str, ...]) -> None:
            self._session.run(partial(set_alias, name=name, alias=texts[0], version=version))

        self._prompt(f"Alias of v{version}", "Set", (Field("&Alias, such as champion"),), done, _check_alias)

    def remove_alias(self) -> None:
        """Choose an alias of the selected versions that is to go."""
        self._read_chosen(self._offer_aliases)

    def _offer_aliases(self, chosen: Sequence[ModelVersion]) -> None:
        name = self._model

        def entry(alias: str, version: int) -> Entry:
            without = partial(delete_alias, name=name, alias=alias)
            return Entry(f"@{alias}", f"v{version}", "tag", partial(self._session.run, without))

        entries = [entry(alias, one.version) for one in chosen for alias in one.aliases]
        if entries:
            self._open(entries, "Remove…", "Alias to remove")
        else:
            self._session.message.emit(Message(f"{named(self._versions)} has no alias."))

    def tag(self) -> None:
        """Set a tag of the selected versions; a blank value removes it."""
        name, versions = self._model, self._versions

        def done(texts: tuple[str, ...]) -> None:
            key, value = texts[0], texts[1] or None
            each = [partial(tag_version, name=name, version=one, key=key, value=value) for one in versions]
            self._session.run(one_after_another(each, f"Set the tag {key} of {counted(len(each), 'version')}"))

        fields = Field("&Tag"), Field("&Value (blank removes it)", optional=True)
        self._prompt(f"Tag of {named(versions)}", "Set", fields, done, lambda texts: rules.key(texts[0], "tag"))

    def describe(self) -> None:
        """Say what the current version is."""
        self._read_chosen(self._ask_description)

    def _ask_description(self, chosen: Sequence[ModelVersion]) -> None:
        name, one = self._model, chosen[-1]

        def done(texts: tuple[str, ...]) -> None:
            if texts[0] != one.description:
                described = partial(
                    describe_version, name=name, version=one.version, text=texts[0], expected=one.description
                )
                self._session.run(described)

        field = Field("&Description, in Markdown", one.description, optional=True, lines=True)
        self._prompt(f"Describe v{one.version}", "Keep", (field,), done)

    def go_to_its_run(self) -> None:
        """Go to the run of the current version."""
        self.go_to_run(self._versions[-1])

    def go_to_run(self, version: int) -> None:
        """Go to the run of a version in the table."""
        work = partial(_place_of_run, self._session.store, self._model, version)
        self._session.jobs.read(work, self._go)

    def _go(self, place: tuple[int, int] | None) -> None:
        if place is None:
            self._session.message.emit(Message("The version is of no run of this store, or its run is gone."))
        else:
            self._session.run_wanted.emit(*place)

    def copy_address(self) -> None:
        """Put the addresses by which scripts load the selected versions on the clipboard, one a line."""
        lines = [f"models:/{self._model}/{one}" for one in self._versions]
        if lines:
            QGuiApplication.clipboard().setText("\n".join(lines))
            self._session.message.emit(Message(f"Copied {', '.join(lines)}"))

    def remove(self) -> None:
        """Put the selected versions into the trash."""
        if self._versions:
            self._session.run(deleting(self._model, self._versions))

    def restore(self) -> None:
        """Choose a version to take out of the trash."""
        work = partial(list_versions, self._session.store, self._model, trashed=True)
        self._session.jobs.read(work, self._offer_trashed)

    def _offer_trashed(self, trashed: Sequence[ModelVersion]) -> None:
        name = self._model

        def entry(one: ModelVersion) -> Entry:
            back = partial(restore_version, name=name, version=one.version)
            return Entry(f"v{one.version}", one.stage, "undo", partial(self._session.run, back))

        entries = [entry(one) for one in trashed]
        if entries:
            self._open(entries, "Restore…", "Version to restore")
        else:
            self._session.message.emit(Message(f"No version of {name} is in the trash."))

    def _read_chosen(self, done: Callable[[Sequence[ModelVersion]], None]) -> None:
        """Hand on the selected versions as they are now; nothing if they are gone."""
        chosen = self._versions

        def take(found: list[ModelVersion]) -> None:
            by_number = {one.version: one for one in found}
            there = [by_number[one] for one in chosen if one in by_number]
            if there:
                done(there)

        self._session.jobs.read(partial(list_versions, self._session.store, self._model), take)

    def _prompt(
        self,
        title: str,
        button: str,
        fields: tuple[Field, ...],
        done: Callable[[tuple[str, ...]], object],
        check: Callable[[tuple[str, ...]], object] = lambda texts: None,
    ) -> None:
        Prompt(title, button, fields, done, self._parent.window(), check).open()

    def _open(self, entries: Sequence[Entry], hint: str, name: str) -> None:
        window = self._parent.window()
        palette = Palette(entries, self._session.theme.color("muted"), window)
        palette.field.setPlaceholderText(hint)
        palette.field.setAccessibleName(name)
        palette.open_over(window)


@dataclass(frozen=True, slots=True)
class Before:
    """What rolling back comes to: the stage, who goes back there, and who is there now."""

    stage: str
    version: int | None
    holders: tuple[int, ...]


def _before(store: Store, name: str, chosen: Sequence[int]) -> Before:
    """Of the stage of the version that is selected, if it serves in one; else of the last stage that one holds."""
    policy, versions = policy_of(store, name), list_versions(store, name)
    stages = {one.version: one.stage for one in versions}
    here = stages.get(chosen[-1], NONE) if chosen else NONE
    stage = here if here not in (NONE, ARCHIVED) else _served(policy)
    holders = tuple(version for version, there in stages.items() if there == stage)
    return Before(stage, previous_holder(read_entries(store, name), name, stage), holders)


def _served(policy: Policy) -> str:
    if PRODUCTION in policy.stages:
        return PRODUCTION
    return policy.single[-1] if policy.single else policy.stages[-2]


def _served_address(store: Store, name: str, chosen: Sequence[int]) -> str:
    stages = {one.version: one.stage for one in list_versions(store, name)}
    stage = stages.get(chosen[-1], NONE) if chosen else _served(policy_of(store, name))
    if stage in (NONE, ARCHIVED) or stage not in stages.values():
        return f"models:/{name}/{chosen[-1] if chosen else max(stages, default=1)}"
    return f"models:/{name}/{stage}"


def _place_of_run(store: Store, name: str, version: int) -> tuple[int, int] | None:
    """The store's numbers of a version's run and its experiment."""
    found = next((one for one in list_versions(store, name) if one.version == version), None)
    if found is None or found.run is None:
        return None
    return found.run, get_run(store, found.run).experiment


def _check_alias(texts: tuple[str, ...]) -> None:
    checked_alias(texts[0])
