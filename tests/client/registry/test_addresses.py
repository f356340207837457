"""Addresses of registered models, wherever an address is taken."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import runfolio
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound


@pytest.fixture
def moved(client: runfolio.Client) -> runfolio.Client:
    """Version 1 of `churn` is in Production, 2 has an alias, 3 is the newest."""
    client.transition_model_version_stage("churn", 1, "Production")
    client.set_registered_model_alias("churn", "champion", 2)
    return client


@pytest.mark.parametrize(
    ("address", "version"),
    [
        ("models:/churn/2", 2),
        ("models:/churn/Production", 1),
        ("models:/churn/PRODUCTION", 1),
        ("models:/churn/latest", 3),
        ("models:/churn/Latest", 3),
        ("models:/churn/none", 3),
        ("models:/churn@champion", 2),
    ],
)
def test_each_kind_of_address_names_a_version(moved: runfolio.Client, address: str, version: int) -> None:
    place = Path(moved.get_model_version_download_uri("churn", version))
    assert runfolio.artifacts.download_artifacts(address) == str(place)
    assert "flavors" in runfolio.artifacts.load_text(f"{address}/MLmodel")
    listed = runfolio.artifacts.list_artifacts(address)
    assert [(one.path, one.is_dir) for one in listed] == [
        ("MLmodel", False),
        ("data", True),
        ("input_example.json", False),
        ("model.skops", False),
    ]
    inside = runfolio.artifacts.list_artifacts(address, artifact_path="data")
    assert [(one.path, one.file_size) for one in inside] == [("data/more.bin", 4)]
    assert runfolio.models.Model.load(address).model_id == "m-0123456789abcdef0123456789abcdef"


def test_files_of_a_version_are_read(store: Path, folder: Path) -> None:
    (folder / "facts.json").write_text('{"a": 1}')
    Image.fromarray(np.zeros((2, 3), np.uint8)).save(folder / "picture.png")
    runfolio.register_model(str(folder), "churn")
    assert runfolio.artifacts.load_dict("models:/churn/1/facts.json") == {"a": 1}
    assert runfolio.artifacts.load_image("models:/churn/latest/picture.png").size == (3, 2)
    with pytest.raises(NotFound, match="no file"):
        runfolio.artifacts.load_text("models:/churn/1/nothing.txt")
    with pytest.raises(InvalidValue, match="may be empty"):
        runfolio.artifacts.load_text("models:/churn/1/../../other")


def test_a_copy_is_compared_with_what_was_registered(moved: runfolio.Client, tmp_path: Path) -> None:
    copy = runfolio.artifacts.download_artifacts("models:/churn/2", dst_path=str(tmp_path / "copy"))
    assert Path(copy, "data", "more.bin").read_bytes() == b"more"
    one = runfolio.artifacts.download_artifacts("models:/churn/2/data/more.bin", dst_path=str(tmp_path / "one"))
    assert Path(one) == tmp_path / "one" / "more.bin"
    file = Path(moved.get_model_version_download_uri("churn", 2), "data", "more.bin")
    about = file.stat()
    file.unlink()
    file.write_bytes(b"less")
    for address in ("models:/churn@champion", "models:/churn/2/data/more.bin", "models:/churn/2/data"):
        with pytest.raises(EnvironmentProblem, match="damaged"):
            runfolio.artifacts.download_artifacts(address, dst_path=str(tmp_path / "again"))
    assert about.st_size == 4


@pytest.mark.parametrize(
    ("address", "error", "why"),
    [
        ("models:/", InvalidValue, "names no model"),
        ("models:/churn", InvalidValue, "does not say which version"),
        ("models:/churn/0", InvalidValue, "from 1 on"),
        ("models:/churn/9", NotFound, "The newest is 3"),
        ("models:/churn/Produktion", NotFound, "Did you mean 'Production'"),
        ("models:/churn/Staging", NotFound, "No version of churn is in Staging"),
        ("models:/churn@champ", NotFound, "Did you mean 'champion'"),
        ("models:/chrun/1", NotFound, "Did you mean 'churn'"),
        ("models:/chrun@champion", NotFound, "Did you mean 'churn'"),
    ],
)
def test_addresses_of_nothing(moved: runfolio.Client, address: str, error: type[Exception], why: str) -> None:
    for read in (runfolio.artifacts.download_artifacts, runfolio.pyfunc.load_model, runfolio.artifacts.list_artifacts):
        with pytest.raises(error, match=why):
            read(address)


def test_a_name_may_have_an_at_sign(store: Path, folder: Path) -> None:
    runfolio.register_model(str(folder), "me@home")
    runfolio.Client().set_registered_model_alias("me@home", "champion", 1)
    for address in ("models:/me@home/1", "models:/me@home@champion", "models:/me@home@champion/data"):
        assert Path(runfolio.artifacts.download_artifacts(address)).is_dir(), address


def test_the_files_of_a_version_are_never_rewritten(moved: runfolio.Client) -> None:
    signature = runfolio.models.infer_signature(np.zeros((1, 2)))
    with pytest.raises(InvalidValue, match="models:/churn/1 is registered"):
        runfolio.models.set_signature("models:/churn/Production", signature)
    assert moved.verify_registry().good


def test_a_check_that_is_kept_opens_a_gate(moved: runfolio.Client) -> None:
    from runfolio.models.environment.check_result import CheckResult
    from runfolio.models.environment.keeping import keep, kept
    from runfolio.models.safety.hashing import fingerprint

    moved.set_registered_model_policy("churn", "gates:\n  Staging:\n    checks: [environment]\n")
    address = "models:/churn@champion"
    folder = Path(runfolio.artifacts.download_artifacts(address))
    assert not moved.preview_transition("churn", 2, "Staging").judgement.passed
    assert kept(address, folder) is None
    result = CheckResult(result="passed", digest=fingerprint(folder), time=1)
    assert keep(address, folder, result) == "tag runfolio.modelCheck of models:/churn/2"
    assert kept(address, folder) == result
    assert moved.preview_transition("churn", 2, "Staging").judgement.passed
    assert not moved.preview_transition("churn", 3, "Staging").judgement.passed
    assert json.loads(moved.get_model_version("churn", 2).tags["runfolio.modelCheck"])["result"] == "passed"
    assert moved.verify_registry().good


def test_the_check_of_the_logged_model_counts_for_its_version(moved: runfolio.Client, run_id: str) -> None:
    from runfolio.models.environment.check_result import CheckResult
    from runfolio.models.environment.keeping import keep, kept
    from runfolio.models.safety.hashing import fingerprint

    logged = Path(runfolio.artifacts.download_artifacts(f"runs:/{run_id}/model"))
    result = CheckResult(result="failed", stage="load", reason="Broken.", digest=fingerprint(logged), time=1)
    keep(f"runs:/{run_id}/model", logged, result)
    version = Path(runfolio.artifacts.download_artifacts("models:/churn/3"))
    assert kept("models:/churn/3", version) == result
    copy = moved.copy_model_version("models:/churn/3", "other")
    assert kept(copy.uri, Path(runfolio.artifacts.download_artifacts(copy.uri))) == result
    moved.set_registered_model_policy("other", "gates: {Staging: {checks: [environment]}}")
    (told,) = moved.preview_transition("other", 1, "Staging").judgement.checks
    assert not told.passed and "failed" in told.found
