"""Registering models: files that are the version's own, numbers that are given once, and what candidates lack."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from runfolio.core import copying
from runfolio.core.clock import now_ms
from runfolio.core.errors import AlreadyExists, InvalidValue, NotFound, RunStateError, Stopped
from runfolio.core.folder import ARTIFACTS, REGISTRY
from runfolio.store import Store, trash
from runfolio.store.garbage import collect_garbage
from runfolio.store.registry.aliases import set_alias
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.evidence import fingerprint
from runfolio.store.registry.models import create_model, delete_model, rename_model, restore_model
from runfolio.store.registry.purging import purge
from runfolio.store.registry.reading import files_of, folder_of, get_model, get_version, list_models, list_versions
from runfolio.store.registry.registering import Registered, Source, of_run, register
from runfolio.store.registry.sources import is_source, registered_sources
from runfolio.store.registry.transitions import transition
from runfolio.store.registry.verify import verify
from runfolio.store.registry.versions import delete_version, restore_version
from runfolio.store.runs import find_run
from runfolio.store.steps import Steps

Register = Callable[..., Registered]


def test_a_version_has_its_files_its_facts_and_what_its_run_told(
    store: Store, registered: Register, run_id: str
) -> None:
    assert registered(description="boosting").version == 1
    found = get_version(store, "churn", 1)
    assert found.stage == "None"
    assert found.metrics == {"val_auc": 0.947}
    assert found.params == {"lr": "0.1"}
    assert found.run_name == "calm-heron-17"
    assert found.source == f"runs:/{run_id}/model"
    assert found.uri == "models:/churn/1"
    assert found.facts.flavors == ("python_function", "sklearn")
    assert found.facts.inputs == (("tenure", "long"), ("plan", "string"))
    assert found.facts.outputs == (("0", "int64 (-1)"),)
    assert found.facts.has_signature and found.facts.has_input_example
    names = ["MLmodel", "data/more.bin", "input_example.json", "model.skops"]
    assert [one.path for one in files_of(store, found.id)] == names
    folder = folder_of(store, "churn", 1)
    assert folder == store.path / REGISTRY / "churn" / "v1"
    assert (folder / "model.skops").read_bytes() == b"weights"


def test_a_version_outlives_its_run(store: Store, registered: Register, run_id: str) -> None:
    registered()
    number = find_run(store, run_id)
    assert number is not None
    trash.delete_runs(store, [number])
    collect_garbage(store)
    assert not (store.path / ARTIFACTS / run_id).exists()
    found = get_version(store, "churn", 1)
    assert found.run is None and found.metrics == {"val_auc": 0.947} and found.params == {"lr": "0.1"}
    assert (folder_of(store, "churn", 1) / "model.skops").read_bytes() == b"weights"
    assert verify(store).good


def test_a_file_that_replaces_the_runs_own_leaves_the_version_alone(
    store: Store, registered: Register, run_id: str
) -> None:
    registered()
    file = store.path / ARTIFACTS / run_id / "model" / "model.skops"
    (file.with_name("new")).write_bytes(b"others!")
    file.with_name("new").replace(file)
    assert (folder_of(store, "churn", 1) / "model.skops").read_bytes() == b"weights"


def test_what_is_not_of_a_run_is_copied_for_somebody_may_write_to_it(store: Store, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"first")
    register(store, "alone", Source(tmp_path / "model.bin", str(tmp_path / "model.bin")))
    (tmp_path / "model.bin").write_bytes(b"other")
    assert (folder_of(store, "alone", 1) / "model.bin").read_bytes() == b"first"
    assert verify(store).good


def test_numbers_are_never_given_again(store: Store, registered: Register) -> None:
    registered(), registered()
    delete_version(store, "churn", 2)
    assert registered().version == 3
    assert [one.version for one in list_versions(store, "churn")] == [3, 1]
    restore_version(store, "churn", 2)
    assert [one.version for one in list_versions(store, "churn")] == [3, 2, 1]


def test_what_a_candidate_lacks_is_told(store: Store, tmp_path: Path, registered: Register) -> None:
    assert registered(description="good").advice == ()
    (tmp_path / "weights.bin").write_bytes(b"x")
    advice = register(store, "other", Source(tmp_path / "weights.bin", "weights.bin")).advice
    for line, lacks in zip(advice, ("MLmodel", "metric", "description"), strict=True):
        assert lacks in line


@pytest.mark.parametrize("name", ["", "  ", " a", "a/b", "a:b", "a" * 251, "..", "con", "end.", "a\\b", 'what?"'])
def test_a_bad_name_is_refused_with_the_rule(store: Store, registered: Register, name: str) -> None:
    if name == 'what?"' and os.name != "nt":
        pytest.skip("Only Windows cannot hold this name.")
    with pytest.raises(InvalidValue):
        registered(name)
    assert list_models(store) == []


def test_a_name_that_differs_by_case_alone_is_taken(store: Store, registered: Register) -> None:
    registered("churn")
    with pytest.raises(AlreadyExists, match="'churn'"):
        create_model(store, "Churn")


def test_another_model_may_take_a_name_that_was_given_up(store: Store, registered: Register) -> None:
    registered("churn")
    rename_model(store, "churn", "old-churn")
    registered("churn")
    assert folder_of(store, "old-churn", 1).parent.name == "churn"
    assert folder_of(store, "churn", 1).parent.name == "churn-2"
    assert verify(store).good


def test_a_link_in_a_model_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "link").symlink_to("/etc/passwd")
    with pytest.raises(InvalidValue, match="a link"):
        register(store, "m", Source(tmp_path / "model", "model"))
    assert list(store.path.glob("registry/.*")) == []


def test_what_is_stopped_leaves_nothing(store: Store, registered: Register) -> None:
    with pytest.raises(Stopped):
        registered(steps=Steps(stop=lambda: True))
    assert list_models(store) == []
    assert list((store.path / REGISTRY).iterdir()) == []


def test_an_alias_that_differs_from_another_by_case_alone_is_refused(store: Store, registered: Register) -> None:
    registered(), registered()
    set_alias(store, "churn", "champion", 1)
    with pytest.raises(InvalidValue, match="There is an alias 'champion' already"):
        set_alias(store, "churn", "Champion", 2)
    set_alias(store, "churn", "champion", 2)
    assert get_version(store, "churn", 2).aliases == ("champion",)


def test_a_folder_that_a_killed_process_left_is_in_nobodys_way(store: Store, registered: Register) -> None:
    registered()
    left = folder_of(store, "churn", 1).with_name("v2")
    left.mkdir()
    (left / "half").write_bytes(b"half")
    assert registered().version == 2
    assert not (left / "half").exists()
    assert verify(store).good


def test_of_a_run_in_the_trash_nothing_is_registered(store: Store, run_id: str) -> None:
    number = find_run(store, run_id)
    assert number is not None
    trash.delete_runs(store, [number])
    with pytest.raises(RunStateError, match="in the trash"):
        of_run(store, run_id, "model")
    with pytest.raises(NotFound):
        of_run(store, "nobody", "model")


def test_a_wrong_name_leads_to_the_nearest(store: Store, registered: Register) -> None:
    registered("churn-classifier")
    with pytest.raises(NotFound, match="churn-classifier"):
        get_model(store, "churn-clasifier")
    with pytest.raises(NotFound, match="The newest is 1"):
        get_version(store, "churn-classifier", 7)


def test_a_model_in_the_trash_is_hidden_and_comes_back(store: Store, registered: Register) -> None:
    registered()
    back = delete_model(store, "churn").inverse
    assert list_models(store) == [] and [one.name for one in list_models(store, trashed=True)] == ["churn"]
    with pytest.raises(NotFound, match="in the trash"):
        registered()
    assert back is not None
    back(store)
    assert get_model(store, "churn").versions == 1
    assert verify(store).good


def test_the_files_are_those_that_a_check_of_the_environment_means(store: Store, registered: Register) -> None:
    from runfolio.models.safety import hashing

    registered()
    found = get_version(store, "churn", 1)
    assert fingerprint(files_of(store, found.id)) == hashing.fingerprint(folder_of(store, "churn", 1))


def test_files_of_a_run_are_linked_where_the_disk_shares_nothing_else(
    store: Store, registered: Register, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_is_cloned", lambda *_: False)
    registered()
    source = store.path / ARTIFACTS / run_id / "model" / "model.skops"
    assert (folder_of(store, "churn", 1) / "model.skops").samefile(source)
    assert verify(store).good


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_system_lets_nobody_write_to_a_version_by_the_name_of_the_runs_file(
    store: Store, registered: Register, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "_is_cloned", lambda *_: False)
    registered()
    source = store.path / ARTIFACTS / run_id / "model" / "model.skops"
    for file in (source, folder_of(store, "churn", 1) / "model.skops"):
        assert not stat.S_IMODE(file.stat().st_mode) & 0o222  # root may write all the same


def test_where_nothing_can_be_linked_files_are_copied(
    store: Store, registered: Register, run_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError("it cannot")

    monkeypatch.setattr(copying, "_is_cloned", lambda *_: False)
    monkeypatch.setattr(os, "link", refuse)
    registered()
    source = store.path / ARTIFACTS / run_id / "model" / "model.skops"
    assert not (folder_of(store, "churn", 1) / "model.skops").samefile(source)
    assert verify(store).good


def test_emptying_the_trash_removes_versions_for_good_and_the_log_tells(store: Store, registered: Register) -> None:
    registered(), registered()
    folder = folder_of(store, "churn", 1)
    delete_version(store, "churn", 1)
    would = collect_garbage(store, dry_run=True)
    assert (would.versions, would.runs) == (1, 0) and folder.exists()
    assert collect_garbage(store) == would
    assert not folder.exists() and [one.version for one in list_versions(store, "churn")] == [2]
    assert registered().version == 3
    with pytest.raises(NotFound, match="removed for good"):
        get_version(store, "churn", 1)
    assert [one.action for one in read_entries(store, "churn")][-2:] == ["purge", "register"]
    assert verify(store).good


def test_a_model_that_is_gone_for_good_leaves_its_name(store: Store, registered: Register) -> None:
    registered()
    delete_model(store, "churn")
    assert collect_garbage(store).versions == 1
    assert list((store.path / REGISTRY).iterdir()) == []
    assert registered().version == 1
    assert verify(store).good


def test_what_was_taken_out_of_the_trash_stays(store: Store, registered: Register) -> None:
    registered()
    back = delete_version(store, "churn", 1).inverse
    assert back is not None
    back(store)
    assert collect_garbage(store).versions == 0
    assert verify(store).good


def test_rules_let_the_origin_of_a_version_alone(store: Store, registered: Register, run_id: str) -> None:
    registered()
    with store.reading() as connection:
        sources = registered_sources(connection)
    assert sources == {run_id: frozenset(["model"])}
    assert is_source(sources, run_id, "model/data/more.bin") and not is_source(sources, run_id, "other.bin")


@pytest.mark.parametrize("name", [f".{'0a' * 16}.part", ".churn.part"])
def test_a_model_that_is_called_like_what_is_not_whole_keeps_its_files(
    store: Store, registered: Register, name: str
) -> None:
    try:
        registered(name)
    except InvalidValue:
        assert list_models(store) == []
        return
    registered("other")
    assert verify(store).good


def test_versions_that_are_gone_from_a_model_in_the_trash_are_no_fault(store: Store, registered: Register) -> None:
    for _ in range(2):
        registered()
    set_alias(store, "churn", "champion", 1)
    delete_model(store, "churn")
    stops = iter([False, True])
    assert purge(store, now_ms(), lambda: next(stops)).versions == 1
    assert verify(store).good
    restore_model(store, "churn")
    assert [one.version for one in list_versions(store, "churn")] == [2]
    assert verify(store).good


def test_a_model_is_found_in_whatever_form_its_name_is_typed(store: Store, registered: Register) -> None:
    composed, apart = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))
    undo = create_model(store, apart).inverse
    assert undo is not None
    undo(store)
    restore_model(store, apart)
    registered(apart)
    transition(store, apart, 1, "Production")
    assert get_version(store, composed, 1).stage == get_version(store, apart, 1).stage == "Production"
    assert {one.model for one in read_entries(store, apart)} == {composed}
    assert verify(store, apart).versions == 1
    assert verify(store).good


@pytest.mark.parametrize("name", [None, 5, b"churn", ["churn"]])
def test_what_is_no_text_is_no_name(store: Store, name: Any) -> None:
    with pytest.raises(InvalidValue, match="is a text, not"):
        get_model(store, name)


@pytest.mark.skipif(os.name == "nt", reason="Windows refuses such a name.")
def test_a_folder_has_a_name_that_every_system_can_hold(store: Store, registered: Register) -> None:
    for name in ("what?", "what*"):
        registered(name)
    assert [folder_of(store, name, 1).parent.name for name in ("what?", "what*")] == ["what_", "what_-2"]
    assert verify(store).good


@pytest.mark.parametrize("renamed", [True, False])
def test_a_model_that_goes_while_its_files_are_taken_is_not_made_again(
    store: Store, registered: Register, renamed: bool
) -> None:
    registered()
    changes = iter([partial(rename_model, new="ranker") if renamed else delete_model])

    def progress(_done: int, _total: int) -> None:
        if (one := next(changes, None)) is not None:
            one(store, "churn")

    with pytest.raises((RunStateError, NotFound), match=r"renamed or removed|in the trash"):
        registered(steps=Steps(progress))
    assert [one.versions for one in list_models(store)] == [1] * renamed
    assert [path.name for path in (store.path / REGISTRY).iterdir()] == ["churn"]


def test_a_name_that_is_taken_is_told_before_files_are_copied(store: Store, registered: Register) -> None:
    registered()
    delete_model(store, "churn")
    copied: list[int] = []
    for name, error in (("churn", NotFound), ("CHURN", AlreadyExists)):
        with pytest.raises(error, match="in the trash"):
            registered(name, steps=Steps(lambda done, _total: copied.append(done)))
    assert copied == []


def test_the_store_is_no_model(store: Store) -> None:
    for folder in (store.path, store.path.parent):
        with pytest.raises(InvalidValue, match="holds the store itself"):
            register(store, "m", Source(folder, str(folder)))
    assert list_models(store) == []
