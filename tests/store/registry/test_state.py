"""The registry beside a model of its rules: whatever is done in whatever order, both say the same, as the log does."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from runfolio.core.errors import NotFound, RunStateError
from runfolio.core.registry.history import replay
from runfolio.store import Store, open_store
from runfolio.store.operations import Outcome
from runfolio.store.registry.aliases import delete_alias, set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.models import delete_model, rename_model, restore_model
from runfolio.store.registry.reading import files_of, folder_of, list_models, list_versions
from runfolio.store.registry.registering import Source, register
from runfolio.store.registry.transitions import rollback, transition
from runfolio.store.registry.verify import verify
from runfolio.store.registry.versions import delete_version, restore_version

NAMES = ("churn", "ranker")
STAGES = ("None", "Staging", "Production", "Archived")
names, stages = st.sampled_from(NAMES), st.sampled_from(STAGES)
numbers, aliases = st.integers(1, 4), st.sampled_from(["champion", "challenger"])


class Expected:
    """A model as the rules say it must be."""

    def __init__(self) -> None:
        self.stages: dict[int, str] = {}
        self.trashed: dict[int, str] = {}
        self.aliases: dict[str, int] = {}
        self.next = 1

    def copy(self) -> tuple[dict[int, str], dict[int, str], dict[str, int]]:
        return dict(self.stages), dict(self.trashed), dict(self.aliases)


class Registry(RuleBasedStateMachine):
    """Everything that can be done with the registry."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.store: Store = open_store(self.folder / "store")
        (self.folder / "model.bin").write_bytes(b"model")
        self.expected: dict[str, Expected] = {}
        self.undo: tuple[Outcome, Callable[[], Any]] | None = None

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    @rule(name=names)
    def register(self, name: str) -> None:
        done = register(self.store, name, Source(self.folder / "model.bin", "model.bin"))
        one = self.expected.setdefault(name, Expected())
        assert done.version == one.next
        one.stages[one.next] = "None"
        one.next += 1
        self.undo = None

    @rule(name=names, version=numbers, stage=stages)
    def move(self, name: str, version: int, stage: str) -> None:
        one = self.expected.get(name)
        if one is None or version not in one.stages:
            self._refused(lambda: transition(self.store, name, version, stage), NotFound)
            return
        before = one.copy()
        outcome = transition(self.store, name, version, stage)
        if one.stages[version] == stage:
            assert outcome.inverse is None
            return
        if stage in ("Staging", "Production"):
            for other, its in one.stages.items():
                if its == stage:
                    one.stages[other] = "Archived"
        one.stages[version] = stage
        self.undo = outcome, lambda: self._set(name, before)

    @rule(name=names)
    def roll_back(self, name: str) -> None:
        one = self.expected.get(name)
        before = None if one is None else one.copy()
        try:
            outcome = rollback(self.store, name)
        except NotFound:
            return
        assert one is not None and before is not None
        found = [version.version for version in list_versions(self.store, name) if version.stage == "Production"]
        assert len(found) == 1 and one.stages[found[0]] != "Production"
        for other, its in one.stages.items():
            if its == "Production":
                one.stages[other] = "Archived"
        one.stages[found[0]] = "Production"
        self.undo = outcome, lambda: self._set(name, before)

    @rule(name=names, alias=aliases, version=numbers)
    def name_it(self, name: str, alias: str, version: int) -> None:
        one = self.expected.get(name)
        if one is None or version not in one.stages:
            self._refused(lambda: set_alias(self.store, name, alias, version), NotFound)
            return
        before = one.copy()
        outcome = set_alias(self.store, name, alias, version)
        one.aliases[alias] = version
        self.undo = outcome, lambda: self._set(name, before)

    @rule(name=names, alias=aliases)
    def unname_it(self, name: str, alias: str) -> None:
        one = self.expected.get(name)
        if one is None or alias not in one.aliases:
            self._refused(lambda: delete_alias(self.store, name, alias), NotFound)
            return
        before = one.copy()
        outcome = delete_alias(self.store, name, alias)
        del one.aliases[alias]
        self.undo = outcome, lambda: self._set(name, before)

    @rule(name=names, version=numbers, force=st.booleans())
    def delete(self, name: str, version: int, force: bool) -> None:
        one = self.expected.get(name)
        if one is None or version not in one.stages:
            self._refused(lambda: delete_version(self.store, name, version, force=force), NotFound)
            return
        if one.stages[version] in ("Staging", "Production") and not force:
            self._refused(lambda: delete_version(self.store, name, version), RunStateError)
            return
        before = one.copy()
        outcome = delete_version(self.store, name, version, force=force)
        one.trashed[version] = one.stages.pop(version)
        one.aliases = {alias: its for alias, its in one.aliases.items() if its != version}
        self.undo = outcome, lambda: self._set(name, before)

    @rule(name=names, version=numbers)
    def restore(self, name: str, version: int) -> None:
        one = self.expected.get(name)
        if one is not None and version in one.trashed:
            restore_version(self.store, name, version)
            stage = one.trashed.pop(version)
            held = stage in ("Staging", "Production") and stage in one.stages.values()
            one.stages[version] = "Archived" if held else stage
            self.undo = None

    @rule(name=names)
    def rename_there_and_back(self, name: str) -> None:
        if name in self.expected:
            rename_model(self.store, name, "elsewhere")
            rename_model(self.store, "elsewhere", name)

    @rule(name=names)
    def bin_and_back(self, name: str) -> None:
        if name in self.expected:
            delete_model(self.store, name, force=True)
            restore_model(self.store, name)

    @precondition(lambda self: self.undo is not None)
    @rule()
    def take_back(self) -> None:
        assert self.undo is not None
        outcome, expect = self.undo
        assert outcome.inverse is not None
        outcome.inverse(self.store)
        expect()
        self.undo = None

    @invariant()
    def tables_and_log_say_what_the_rules_say(self) -> None:
        assert [one.name for one in list_models(self.store)] == sorted(self.expected)
        told = replay(read_entries(self.store))
        for name, one in self.expected.items():
            versions = list_versions(self.store, name)
            assert {version.version: version.stage for version in versions} == one.stages
            assert {alias: found.version for found in versions for alias in found.aliases} == one.aliases
            for stage in ("Staging", "Production"):
                assert list(one.stages.values()).count(stage) <= 1
            assert (told[name].stages, told[name].aliases) == (one.stages, one.aliases)
            for version in versions:
                names = [file.path for file in files_of(self.store, version.id)]
                assert names == [path.name for path in folder_of(self.store, name, version.version).iterdir()]
        assert verify(self.store).good

    def _set(self, name: str, to: tuple[dict[int, str], dict[int, str], dict[str, int]]) -> None:
        one = self.expected[name]
        one.stages, one.trashed, one.aliases = to

    def _refused(self, do: Callable[[], object], error: type[Exception]) -> None:
        before = len(read_entries(self.store))
        try:
            do()
        except error:
            assert len(read_entries(self.store)) == before
        else:
            raise AssertionError("It was not refused.")


TestRegistry = Registry.TestCase
TestRegistry.settings = settings(max_examples=15, stateful_step_count=25)
