"""`runfolio registry`: a model's way from a run to Production and back, as a shell sees it."""

from __future__ import annotations

import csv
import io
import json
import shlex
import sqlite3
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from runfolio.core.folder import ARTIFACTS
from runfolio.core.registry.chain import Entry, hash_of
from runfolio.store import open_store
from tests.cli.test_commands import run
from tests.other_processes import until
from tests.store.registry.conftest import write_model
from tests.store.script import Script

GATES = "gates: {Production: {checks: [{metric: val_auc, at_least: 0.9}, description, {tag: reviewed, value: 'yes'}]}}"


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """The folder of a store with a run that has a model."""
    folder = tmp_path / "filled"
    opened = open_store(folder)
    with Script(opened) as script:
        public = script.start(name="calm-heron-17")
        script.log(public, "val_auc", [0.947])
        script.take()
    write_model(folder / ARTIFACTS / public / "model")
    opened.close()
    (tmp_path / "run_id").write_text(public)
    return folder


@pytest.fixture
def run_id(store: Path, tmp_path: Path) -> str:
    return (tmp_path / "run_id").read_text()


class Registry:
    """The commands on one store."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def __call__(self, *words: str, code: int = 0, **environment: str) -> str:
        """What a command prints, its errors after it."""
        done = run("registry", *words, "--store", str(self.store), code=code, COLUMNS="250", **environment)
        return done.stdout + done.stderr

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(run("registry", *words, "--json", "--store", str(self.store), code=code).stdout)

    def stages(self) -> dict[int, str]:
        return {one["version"]: one["stage"] for one in self.json("versions", "churn")}


@pytest.fixture
def registry(store: Path) -> Registry:
    return Registry(store)


@pytest.fixture
def three(registry: Registry, run_id: str) -> Registry:
    """With three versions of churn."""
    for _ in range(3):
        registry("register", f"runs:/{run_id}/model", "churn")
    return registry


def test_a_run_goes_to_production_and_back(registry: Registry, run_id: str) -> None:
    made = registry("register", f"runs:/{run_id[:6]}/model", "churn", "-t", "team=risk")
    assert "Registered churn v1" in made and "It has no description." in made and "val_" not in made
    assert registry.json("register", f"runs:/{run_id}/model", "churn", "-d", "Better.")["advice"] == []
    assert "Moved churn v1 to Production" in registry("promote", "churn", "1", "Production")
    text = registry("promote", "churn", "latest", "production", "--reason", "beats v1", "--dry-run")
    assert text == "Would move churn v2 to Production; v1 to Archived.\n"
    assert registry.stages() == {2: "None", 1: "Production"}
    told = registry.json("promote", "churn", "2", "production", "--reason", "beats v1")
    assert told["message"] == "Moved churn v2 to Production; v1 to Archived"
    assert (told["archived"], told["passed"], told["stage"]) == ([1], True, "Production")
    assert "Rolled churn back to v1" in registry("rollback", "churn", "--reason", "v2 fails")
    assert registry.stages() == {2: "Archived", 1: "Production"}
    assert "was in Production before" in registry("rollback", "churn", code=3)
    assert registry.json("promote", "churn", "2", "Production")["archived"] == [1]
    table = registry("list")
    assert "churn" in table and "Production v2" in table
    assert registry.json("list")[0]["holders"] == {"Production": 2, "Archived": 1}


def test_a_version_is_shown_by_any_of_its_names(three: Registry, run_id: str) -> None:
    three("promote", "churn", "2", "Production")
    three("alias", "churn", "champion", "Production")
    for word in ("2", "Production", "@champion"):
        one = three.json("show", "churn", word)
        assert (one["version"], one["aliases"], one["run_id"]) == (2, ["champion"], run_id)
    assert one["model"]["flavors"] == ["python_function", "sklearn"] and one["metrics"] == {"val_auc": 0.947}
    assert {file["path"] for file in one["files"]} > {"MLmodel"} and Path(one["path"]).is_dir()
    text = three("show", "churn", "2")
    assert "models:/churn/2" in text and "tenure: long" in text and "0.947" in text and "model.skops" in text
    assert "v3" in three("show", "churn") and "@champion" in three("versions", "churn")
    assert three("alias", "churn", "champion", "--delete") == "Removed the alias @champion of churn\n"
    assert "calm-heron-17" in three("versions", "churn")


def test_gates_say_what_is_missing_and_hold(three: Registry, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(GATES)
    assert "can be the policy of churn" in three("gates", "churn", "--check", str(file))
    assert "Nothing is asked for" in three("gates", "churn")
    three("gates", "churn", "--file", str(file), "--reason", "the rule of the house")
    assert "val_auc ≥ 0.9" in three("gates", "churn")
    refused = three("promote", "churn", "1", "Production", code=1)
    assert "FAIL" in refused and "no description" in refused and "is not moved" in refused
    told = three.json("promote", "churn", "1", "Production", "--dry-run", code=1)
    assert told["blocked"] and [one["passed"] for one in told["checks"]] == [True, False, False]
    assert told["message"] is None and three.stages()[1] == "None"
    three("describe", "churn", "The first.", "--version", "1")
    three("tag", "churn", "reviewed", "yes", "--version", "1")
    assert "pass" in three("promote", "churn", "1", "Production")
    assert three.stages()[1] == "Production"
    file.write_text(GATES.replace("{Production: {", "{Production: {when_failing: reason, "))
    three("gates", "churn", "-f", str(file))
    assert "--reason" in three("promote", "churn", "2", "Production", code=1)
    assert "Moved churn v2" in three("promote", "churn", "2", "Production", "--reason", "v1 is down")
    assert three.json("gates", "churn")["gates"]["Production"]["when_failing"] == "reason"


def test_a_holder_may_stay_and_somebody_signs(three: Registry, tmp_path: Path) -> None:
    three("promote", "churn", "1", "Production")
    three("promote", "churn", "2", "Production", "--keep-holder")
    assert three.stages() == {3: "None", 2: "Production", 1: "Production"}
    file = tmp_path / "policy.yaml"
    file.write_text("gates: {Staging: {checks: [{sign_off: [anna]}]}}")
    three("gates", "churn", "--file", str(file))
    three("promote", "churn", "3", "Staging", "--sign-off", "bert", code=1)
    three("promote", "churn", "3", "Staging", "--sign-off", "anna")
    assert three.json("history", "churn")[-1]["evidence"]["signed_off_by"] == "anna"


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("promote", "churn", "1", "Prodction"), 2, "Did you mean Production?"),
        (("promote", "churn", "9", "Production"), 3, "The newest is 3."),
        (("show", "chrun"), 3, "Did you mean 'churn'?"),
        (("alias", "churn", "latest", "1"), 2, "'latest' cannot be an alias"),
        (("alias", "churn", "v3", "1"), 2, "For instance 'release-3'"),
        (("alias", "churn", "champion"), 2, "--delete"),
        (("register", "nowhere", "churn"), 3, "nowhere"),
        (("register", ".", "a/b"), 2, "For instance 'a-b'"),
        (("rollback", "churn"), 3, "No other version of churn was in Production before"),
        (("history", "chrun"), 3, "Did you mean 'churn'?"),
        (("history", "--as-of", "yesterday"), 2, "Write it as 2026-03-31"),
        (("verify", "chrun"), 3, "Did you mean 'churn'?"),
        (("gates", "churn", "--file", "none.yaml"), 3, "There is no file none.yaml"),
        (("gates", "churn", "--file", "a", "--edit"), 2, "Give one of them."),
        (("restore", "churn", "x"), 2, "A version is a number"),
        (("tag", "churn", "key", "value", "-v", "@none"), 3, "no alias"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_what_cannot_be_done_is_told_with_the_nearest_that_can(
    three: Registry, words: tuple[str, ...], code: int, says: str
) -> None:
    assert says in three(*words, code=code)


def test_a_policy_with_a_slip_is_refused_and_nothing_changes(three: Registry, tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    for text, says in (
        ("gates: {Prodction: {checks: [signature]}}", "Did you mean Production?"),
        ("gates: [", "cannot be read"),
        ("stages: [Live]", "None, Live, Archived"),
    ):
        file.write_text(text)
        for option in ("--check", "--file"):
            if says.startswith("None"):
                three("promote", "churn", "1", "Staging")
                assert "is in Staging, which would be gone" in three("gates", "churn", option, str(file), code=2)
            else:
                assert says in three("gates", "churn", option, str(file), code=2)
    file.write_bytes(b"\xff\xfe")
    assert "UTF-8" in three("gates", "churn", "--file", str(file), code=2)
    assert three.json("gates", "churn")["policy"] == ""


def test_gates_are_edited_in_the_users_editor(three: Registry, tmp_path: Path) -> None:
    script = tmp_path / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'a').write('card: [val_auc]\\n')\n")
    editor = shlex.join([sys.executable, str(script)])
    assert "Changed the gates" in three("gates", "churn", "--edit", EDITOR=editor, VISUAL="")
    assert three.json("gates", "churn")["card"] == ["val_auc"]
    assert "0.947" in three("versions", "churn")
    script.write_text("pass")
    assert "as they were" in three("gates", "churn", "--edit", EDITOR=editor, VISUAL="")
    script.write_text("import sys\nopen(sys.argv[1], 'w').write('gate: {}')\n")
    assert "Did you mean gates?" in three("gates", "churn", "--edit", EDITOR=editor, VISUAL="", code=2)
    script.write_text("raise SystemExit(3)")
    assert "ended with 3: nothing is changed" in three("gates", "churn", "--edit", EDITOR=editor, VISUAL="", code=5)
    assert three.json("gates", "churn")["card"] == ["val_auc"]


def test_who_was_in_production_is_one_question(three: Registry) -> None:
    three("promote", "churn", "1", "Production")
    after_first = three.json("history", "churn")[-1]["time"]
    three("promote", "churn", "2", "Production")
    three("rename", "churn", "left")
    moment = datetime.fromtimestamp(after_first / 1000 + 0.0005).isoformat()
    told = three.json("history", "left", "--as-of", moment)
    assert {one["version"]: (one["name"], one["stage"]) for one in told["versions"]} == {
        1: ("churn", "Production"),
        2: ("churn", "None"),
        3: ("churn", "None"),
    }
    assert "Production" in three("history", "--as-of", moment)
    today = datetime.now().date().isoformat()
    rows = list(csv.reader(io.StringIO(three("history", "left", "--as-of", today, "--format", "csv"))))
    assert rows[0] == ["model", "stage", "version", "since", "aliases"] and rows[1][:3] == ["left", "Production", "2"]
    assert "There was no registered model" in three("history", "left", "--as-of", "2020-01-01", code=3)


def test_the_log_is_exported_with_all_that_proves_it(three: Registry) -> None:
    three("promote", "churn", "1", "Production", "--reason", '"=1+1", he said\nand went')
    told = three.json("history", "churn")
    assert told == json.loads(three("history", "churn", "--format", "json"))
    names = {"from": "old", "to": "new"}
    for one in told:
        assert hash_of(Entry(**{names.get(key, key): value for key, value in one.items()})) == one["hash"]
    rows = list(csv.DictReader(io.StringIO(three("history", "churn", "--format", "csv"))))
    assert [row["hash"] for row in rows] == [one["hash"] for one in told]
    assert rows[-1]["reason"] == '"=1+1", he said\nand went'
    table = three("history", "churn")
    assert "None → Production" in table and "registered" in table


def test_damage_is_found_and_named(three: Registry, store: Path) -> None:
    proof = three.json("verify")
    assert proof["good"] and proof["versions"] == 3 and proof["files"] == 12 and proof["expected"] is None
    assert "no faults" in three("verify", "churn", "--expect", proof["last_hash"])
    assert "has been written anew" in three("verify", "--expect", "0" * 64, code=1)
    assert "A hash has 64 digits" in three("verify", "--expect", proof["last_hash"][:12], code=2)
    file = store / "registry" / "churn" / "v2" / "model.skops"
    file.chmod(0o644)
    # A new file of the name: the old one may be the run's too.
    file.unlink()
    file.write_bytes(b"weighty")
    assert "BAD  files: churn v2: model.skops has been changed" in three("verify", code=1)
    assert "no faults" in three("verify", "--no-files")
    told = three.json("verify", code=1)
    assert not told["good"] and told["faults"][0]["version"] == 2


def test_the_doctor_looks_at_the_registry(three: Registry, store: Path) -> None:
    def told() -> dict[str, tuple[bool, str]]:
        done = run("doctor", "--json", "--store", str(store), QT_QPA_PLATFORM="offscreen")
        return {one["check"]: (one["ok"], one["found"]) for one in json.loads(done.stdout)}

    three("delete", "churn", "3")
    found = told()
    assert found["registry"] == (True, "5 entries of the log and 3 versions, as they were written")
    assert found["folders of no version"] == (True, "none")
    for name in ("churn/v9", "nobody"):
        (store / "registry" / name).mkdir()
    with sqlite3.connect(store / "runfolio.db") as connection:
        connection.execute("UPDATE model_versions SET stage = 'Production' WHERE version = 2")
    connection.close()
    done = run("doctor", "--store", str(store), code=1, QT_QPA_PLATFORM="offscreen").stdout
    assert "BAD  registry: 1 faults, such as tables: churn v2: it is in Production, and by the log in None" in done
    assert "BAD  folders of no version: 2 in registry/, such as registry/churn/v9" in done


def test_what_is_deleted_comes_back(three: Registry) -> None:
    three("promote", "churn", "1", "Production")
    assert "Move it to Archived first" in three("delete", "churn", "1", code=1)
    three("delete", "churn", "3", "--reason", "a slip")
    assert three.stages() == {2: "None", 1: "Production"}
    assert [one["version"] for one in three.json("versions", "churn", "--deleted")] == [3]
    three("restore", "churn", "3")
    three("delete", "churn", "--force")
    assert "No registered models yet." in three("list") and "churn" in three("list", "--deleted")
    assert "in the trash" in three("show", "churn", code=3)
    three("restore", "churn")
    assert three.stages() == {3: "None", 2: "None", 1: "Production"}


def test_models_and_versions_have_words_of_their_own(three: Registry) -> None:
    three("describe", "churn", "# Who leaves")
    three("tag", "churn", "team", "risk")
    three("tag", "churn", "team", "risk")
    three("tag", "churn", "reviewed", "no", "-v", "latest")
    one = three.json("show", "churn")
    assert (one["description"], one["tags"]) == ("# Who leaves", {"team": "risk"})
    assert one["model_versions"][0]["tags"] == {"reviewed": "no"}
    assert "# Who leaves" in three("show", "churn")
    assert three.json("tag", "churn", "team")["message"] == "Removed the tag team"
    three("rename", "churn", "left")
    assert three.json("list")[0]["name"] == "left"


def test_versions_and_folders_are_registered_too(three: Registry, tmp_path: Path) -> None:
    three("alias", "churn", "champion", "2")
    for address in ("models:/churn@champion", "models:/churn/2"):
        three("register", address, "copy")
    assert {one["source"] for one in three.json("versions", "copy")} == {"models:/churn/2"}
    write_model(tmp_path / "own")
    made = three.json("register", str(tmp_path / "own"), "own", "--description", "By hand.")
    assert made["uri"] == "models:/own/1"
    assert made["advice"] == [
        "It is of no run, and so has no metric of data that it was not trained on, such as val_loss."
    ]
    (tmp_path / "own" / "link").symlink_to(tmp_path)
    assert "link" in three("register", str(tmp_path / "own"), "own", code=2)
    assert "Write it as --tag" in three("register", str(tmp_path / "own"), "own", "-t", "x", code=2)


def test_moves_are_told_by_a_process_of_their_own(three: Registry, tmp_path: Path) -> None:
    """A move starts it, and does not wait for it."""
    out = tmp_path / "out"
    script = tmp_path / "told.py"
    script.write_text(f"import sys\nopen({str(out)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n")
    words = json.dumps([sys.executable, str(script), "{model}", "{version}", "{stage}"])
    file = tmp_path / "policy.yaml"
    file.write_text(f"events: [{{command: {words}}}, {{command: ['{tmp_path / 'none'}']}}]")
    three("gates", "churn", "--file", str(file))
    assert "Nobody was to be told" in three("deliveries") and "Nothing is due." in three("deliver")
    three("promote", "churn", "1", "Production")  # RUNFOLIO_EVENTS is 0 here
    assert [one["state"] for one in three.json("deliveries")] == ["waiting", "waiting"]
    three("promote", "churn", "2", "Staging", RUNFOLIO_EVENTS="1")
    until(lambda: out.exists() and len(out.read_text().splitlines()) == 2)
    assert out.read_text().splitlines() == ["churn 1 Production", "churn 2 Staging"]
    until(lambda: [one["attempts"] for one in three.json("deliveries")] == [1, 1, 1, 1])
    states = [(one["state"], len(one["told"])) for one in three.json("deliveries")]
    assert states == [("done", 1), ("waiting", 1), ("done", 1), ("waiting", 1)]
    assert "cannot be started" in three.json("deliveries")[1]["told"][0]
    assert "churn v1 to Production" in three("deliveries")
    assert "Another process is at it." in three("deliver")
    three.store.rename(tmp_path / "gone")  # which ends it
