"""MLflow's functions of the registry, by its names."""

from __future__ import annotations

import inspect
import logging
from pathlib import Path

import pytest

import runfolio
from runfolio.core.errors import AlreadyExists, EnvironmentProblem, GateFailed, InvalidValue, NotFound, RunStateError
from runfolio.entities import Metric, ModelVersion, Param

NEVER = "0" * 32


def test_a_version_is_told_in_the_shape_of_mlflow(client: runfolio.Client, run_id: str) -> None:
    one = client.get_model_version("churn", "2")
    assert isinstance(one, ModelVersion) and (one.name, one.version, one.current_stage) == ("churn", 2, "None")
    assert (one.run_id, one.source, one.status) == (run_id, f"runs:/{run_id}/model", "READY")
    assert one.model_id == "m-0123456789abcdef0123456789abcdef"
    assert one.params == [Param("lr", "0.1")]
    assert one.metrics == [Metric("val_auc", 0.947, one.creation_timestamp)]
    assert (one.tags, one.aliases, one.description, one.run_link) == ({}, [], None, None)
    assert dict(one)["version"] == 2 and one.uri == "models:/churn/2"


def test_a_model_is_made_named_described_tagged_deleted_and_restored(store: Path) -> None:
    client = runfolio.Client()
    made = client.create_registered_model("churn", {"team": "a"}, "Who leaves.")
    assert (made.name, made.tags, made.description, made.latest_versions) == ("churn", {"team": "a"}, "Who leaves.", [])
    assert client.rename_registered_model("churn", "leavers").name == "leavers"
    assert client.update_registered_model("leavers", "Better.").description == "Better."
    assert client.update_registered_model("leavers").description is None
    client.set_registered_model_tag("leavers", "k", 3)
    client.delete_registered_model_tag("leavers", "team")
    assert client.get_registered_model("leavers").tags == {"k": "3"}
    client.delete_registered_model("leavers")
    with pytest.raises(NotFound, match="in the trash"):
        client.get_registered_model("leavers")
    assert client.restore_registered_model("leavers").tags == {"k": "3"}


def test_versions_move_and_the_holder_is_archived(client: runfolio.Client) -> None:
    assert client.transition_model_version_stage("churn", "1", "production").current_stage == "Production"
    client.transition_model_version_stage("churn", 2, "Production", reason="It is better.")
    assert client.get_model_version("churn", "1").current_stage == "Archived"
    client.transition_model_version_stage("churn", 3, "Production", archive_existing_versions=False)
    stages = {one.version: one.current_stage for one in client.search_model_versions("name = 'churn'")}
    assert stages == {1: "Archived", 2: "Production", 3: "Production"}
    latest = {one.current_stage: one.version for one in client.get_latest_versions("churn")}
    assert latest == {"Production": 3, "Archived": 1}
    assert [one.version for one in client.get_latest_versions("churn", ["PRODUCTION"])] == [3]
    assert client.get_latest_versions("churn", ["Staging"]) == []
    told = [(one.version, one.new, one.reason) for one in client.registry_log("churn") if one.action == "transition"]
    assert (2, "Production", "It is better.") in told


def test_a_rollback_brings_back_who_was_there(client: runfolio.Client) -> None:
    for version in (1, 2):
        client.transition_model_version_stage("churn", str(version), "Production")
    assert client.rollback_model("churn", reason="Too slow.").version == 1
    assert client.get_model_version("churn", "2").current_stage == "Archived"
    with pytest.raises(NotFound, match="No other version"):
        client.rollback_model("churn", "Staging")


def test_gates_are_shown_before_and_hold_a_move_up(client: runfolio.Client) -> None:
    policy = "gates:\n  Production:\n    checks:\n      - {metric: val_auc, at_least: 0.95}\n      - sign_off\n"
    client.set_registered_model_policy("churn", policy, reason="We have been burnt.")
    assert client.get_registered_model_policy("churn") == policy
    seen = client.preview_transition("churn", "1", "Production", signed_off_by="anna")
    assert ("val_auc ≥ 0.95", False) in [(one.text, one.passed) for one in seen.judgement.checks]
    with pytest.raises(GateFailed, match="val_auc") as refused:
        client.transition_model_version_stage("churn", "1", "Production", signed_off_by="anna")
    assert refused.value.error_code == "INVALID_STATE"
    client.set_registered_model_policy("churn", policy.replace("0.95", "0.9"))
    with pytest.raises(GateFailed):
        client.transition_model_version_stage("churn", "1", "Production")
    client.transition_model_version_stage("churn", "1", "Production", signed_off_by="anna")


def test_what_serves_is_not_deleted_unless_forced(client: runfolio.Client) -> None:
    client.transition_model_version_stage("churn", "2", "Production")
    with pytest.raises(RunStateError, match="Production"):
        client.delete_model_version("churn", "2")
    with pytest.raises(RunStateError, match="Production"):
        client.delete_registered_model("churn")
    client.delete_model_version("churn", "2", force=True)
    with pytest.raises(NotFound, match="in the trash"):
        client.get_model_version("churn", "2")
    assert client.restore_model_version("churn", "2").current_stage == "Production"
    client.delete_registered_model("churn", force=True, reason="Replaced by another.")
    assert runfolio.search_registered_models() == []


def test_aliases_move_and_go(client: runfolio.Client) -> None:
    client.set_registered_model_alias("churn", "champion", "1")
    client.set_registered_model_alias("churn", "champion", 2)
    assert client.get_model_version_by_alias("churn", "champion").version == 2
    assert client.get_registered_model("churn").aliases == {"champion": 2}
    client.delete_registered_model_alias("churn", "champion")
    with pytest.raises(NotFound, match="no alias"):
        client.get_model_version_by_alias("churn", "champion")


def test_tags_of_a_version_by_its_number_or_its_stage(client: runfolio.Client) -> None:
    client.transition_model_version_stage("churn", "3", "Staging")
    client.set_model_version_tag("churn", "1", "reviewed", True)
    client.set_model_version_tag("churn", key="reviewed", value="yes", stage="staging")
    runfolio.set_model_version_tag("churn", "2", "reviewed", "no")
    tags = {one.version: one.tags for one in client.search_model_versions()}
    assert tags == {1: {"reviewed": "True"}, 2: {"reviewed": "no"}, 3: {"reviewed": "yes"}}
    client.delete_model_version_tag("churn", stage="Staging", key="reviewed")
    assert client.get_model_version("churn", "3").tags == {}
    with pytest.raises(InvalidValue, match="either"):
        client.set_model_version_tag("churn", "1", "k", "v", "Staging")
    with pytest.raises(InvalidValue, match="either"):
        client.set_model_version_tag("churn", key="k", value="v")
    with pytest.raises(NotFound, match="No version of churn is in Production"):
        client.set_model_version_tag("churn", key="k", value="v", stage="Production")


def test_a_version_is_made_of_each_kind_of_source(
    client: runfolio.Client, run_id: str, folder: Path, store: Path
) -> None:
    of = f"runs:/{run_id}/model"
    sources = {
        of: (of, run_id),
        str(store / "artifacts" / run_id / "model"): (of, run_id),
        str(folder): (str(folder), None),
        folder.as_uri(): (folder.as_uri(), None),
        "models:/churn/2": ("models:/churn/2", run_id),
        "models:/churn/latest": None,
    }
    for source, expected in sources.items():
        made = client.create_model_version("churn", source, description="Of a test.")
        assert expected is None or (made.source, made.run_id) == expected, source
        assert Path(client.get_model_version_download_uri("churn", made.version), "MLmodel").is_file()
    linked = client.create_model_version("churn", str(folder), run_id, run_link="https://elsewhere/1")
    assert (linked.run_id, linked.run_link) == (run_id, "https://elsewhere/1")
    with pytest.raises(NotFound, match="no registered model"):
        client.create_model_version("other", of)
    with pytest.raises(NotFound, match="no run"):
        client.create_model_version("churn", str(folder), NEVER)
    assert client.verify_registry().good


def test_a_copy_has_what_was_known_of_the_version(client: runfolio.Client, run_id: str) -> None:
    client.set_model_version_tag("churn", "2", "k", "v")
    client.update_model_version("churn", "2", "The good one.")
    client.transition_model_version_stage("churn", "2", "Production")
    made = client.copy_model_version("models:/churn/Production", "other")
    assert (made.name, made.version, made.source, made.run_id) == ("other", 1, "models:/churn/2", run_id)
    assert (made.tags, made.description, made.current_stage) == ({"k": "v"}, "The good one.", "None")
    again = runfolio.register_model("models:/churn/2", "other", tags={"k": "w"})
    assert (again.version, again.tags, again.description) == (2, {"k": "w"}, "The good one.")
    with pytest.raises(InvalidValue, match="no version of a registered model"):
        client.copy_model_version(f"runs:/{run_id}/model", "other")


def test_a_damaged_version_is_not_copied(client: runfolio.Client) -> None:
    file = Path(client.get_model_version_download_uri("churn", "1"), "model.skops")
    file.unlink()
    file.write_bytes(b"changed")
    with pytest.raises(EnvironmentProblem, match="models:/churn/1 is damaged"):
        client.copy_model_version("models:/churn/1", "other")
    assert [one.name for one in client.search_registered_models()] == ["churn"]
    assert [(one.model, one.version) for one in client.verify_registry("churn").faults] == [("churn", 1)]


def test_a_version_whose_file_was_cut_off_is_not_given_out(client: runfolio.Client) -> None:
    file = Path(client.get_model_version_download_uri("churn", "1"), "model.skops")
    file.unlink()
    file.write_bytes(b"cut")
    with pytest.raises(EnvironmentProblem, match="has 3 bytes, and had 7"):
        runfolio.artifacts.download_artifacts("models:/churn/1")


@pytest.mark.parametrize(
    ("uri", "error", "why"),
    [
        (f"runs:/{NEVER}/model", NotFound, "no run"),
        ("runs:/{run}/nothing", NotFound, "no file or folder"),
        ("models:/m-" + NEVER, NotFound, "no model"),
        ("models:/chrun/1", NotFound, "Did you mean 'churn'"),
        ("models:/churn/9", NotFound, "The newest is 3"),
        ("models:/churn/Prod", NotFound, "Did you mean 'Production'"),
        ("models:/churn", InvalidValue, "which version"),
        ("s3://bucket/model", InvalidValue, "no address"),
        ("nowhere", NotFound, "nothing to register"),
    ],
)
def test_what_cannot_be_registered(
    client: runfolio.Client, run_id: str, uri: str, error: type[Exception], why: str
) -> None:
    with pytest.raises(error, match=why if why != "no address" else "not an address"):
        runfolio.register_model(uri.replace("{run}", run_id), "other")
    assert [one.name for one in client.search_registered_models()] == ["churn"]


def test_a_run_in_the_trash_gives_no_version(client: runfolio.Client, run_id: str) -> None:
    client.delete_run(run_id)
    with pytest.raises(RunStateError, match="in the trash"):
        runfolio.register_model(f"runs:/{run_id}/model", "churn")
    assert client.get_model_version("churn", "3").metrics[0].value == 0.947  # type: ignore[index]


def test_wrong_names_and_numbers(client: runfolio.Client) -> None:
    for call, error, code in (
        (lambda: client.create_registered_model("churn"), AlreadyExists, "RESOURCE_ALREADY_EXISTS"),
        (lambda: client.create_registered_model("a/b"), InvalidValue, "INVALID_PARAMETER_VALUE"),
        (lambda: client.create_registered_model(""), InvalidValue, "INVALID_PARAMETER_VALUE"),
        (lambda: client.get_registered_model("none"), NotFound, "RESOURCE_DOES_NOT_EXIST"),
        (lambda: client.get_model_version("churn", "9"), NotFound, "RESOURCE_DOES_NOT_EXIST"),
        (lambda: client.get_model_version("churn", "x"), InvalidValue, "INVALID_PARAMETER_VALUE"),
        (
            lambda: client.transition_model_version_stage("churn", "1", "Prod"),
            InvalidValue,
            "INVALID_PARAMETER_VALUE",
        ),
        (lambda: client.get_latest_versions("churn", ["Prod"]), InvalidValue, "INVALID_PARAMETER_VALUE"),
        (lambda: client.set_registered_model_alias("churn", "latest", "1"), InvalidValue, "INVALID_PARAMETER_VALUE"),
    ):
        with pytest.raises(error) as raised:
            call()
        assert raised.value.error_code == code


def test_what_a_candidate_lacks_is_a_warning(store: Path, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "runfolio"):
        runfolio.register_model(str(folder), "churn")
    assert (
        "churn v1 was registered. It is of no run, and so has no metric" in caplog.text
        and "no description" in caplog.text
    )


def test_what_was_just_logged_is_registered(store: Path, folder: Path) -> None:
    with runfolio.start_run() as run:
        runfolio.log_metric("val_loss", 0.5)
        runfolio.log_artifacts(str(folder), "model")
        one = runfolio.register_model(f"runs:/{run.info.run_id}/model", "churn", description="The first.")
        assert one.metrics is not None and one.metrics[0].value == 0.5


MLFLOW = {
    "create_registered_model": "name tags=None description=None deployment_job_id=None",
    "rename_registered_model": "name new_name",
    "update_registered_model": "name description=None deployment_job_id=None",
    "delete_registered_model": "name",
    "get_registered_model": "name",
    "search_registered_models": "filter_string=None max_results=100 order_by=None page_token=None",
    "create_model_version": "name source run_id=None tags=None run_link=None description=None await_creation_for=300 "
    "model_id=None",
    "copy_model_version": "src_model_uri dst_name",
    "update_model_version": "name version description=None",
    "delete_model_version": "name version",
    "get_model_version": "name version",
    "search_model_versions": "filter_string=None max_results=10000 order_by=None page_token=None",
    "get_model_version_download_uri": "name version",
    "get_latest_versions": "name stages=None",
    "transition_model_version_stage": "name version stage archive_existing_versions=None",  # False in MLflow
    "get_model_version_stages": "name version",
    "set_registered_model_tag": "name key value",
    "delete_registered_model_tag": "name key",
    "set_model_version_tag": "name version=None key=None value=None stage=None",
    "delete_model_version_tag": "name version=None key=None stage=None",
    "set_registered_model_alias": "name alias version",
    "delete_registered_model_alias": "name alias",
    "get_model_version_by_alias": "name alias",
}


@pytest.mark.parametrize("name", MLFLOW)
def test_names_order_and_defaults_of_arguments_are_those_of_mlflow(name: str) -> None:
    parameters = list(inspect.signature(getattr(runfolio.Client, name)).parameters.values())[1:]
    told = [
        one.name if one.default is one.empty else f"{one.name}={one.default}"
        for one in parameters
        if one.kind is not one.KEYWORD_ONLY
    ]
    assert " ".join(told) == MLFLOW[name]
