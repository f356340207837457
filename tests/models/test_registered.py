"""Models of the registry are loaded, asked, evaluated and shown by their addresses, like those of runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import runfolio
import runfolio.sklearn
from runfolio.client.tracker import close_all
from runfolio.store import open_store
from runfolio.store.garbage import collect_garbage
from tests.cli.test_commands import run
from tests.models.test_check import model_with, wheels  # noqa: F401

FRAME = pd.DataFrame({"a": [0.5, 1.5, 2.5], "b": [1.0, 2.0, 5.0]})


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model `mine`: version 1 doubles, is in Production and has an alias; version 2 triples."""
    folder = tmp_path_factory.mktemp("registered") / "store"
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("RUNFOLIO_INFER_REQUIREMENTS", "0")
        patched.setenv("RUNFOLIO_STORE", str(folder))
        for factor in (2, 3):
            model = LinearRegression(fit_intercept=False).fit(FRAME, factor * FRAME["a"])
            with runfolio.start_run():
                info = runfolio.sklearn.log_model(
                    model, "model", input_example=FRAME.head(1), registered_model_name="mine"
                )
            assert info.registered_model_version == factor - 1
        client = runfolio.Client()
        client.transition_model_version_stage("mine", 1, "Production")
        client.set_registered_model_alias("mine", "champion", 1)
        close_all()
    return folder


@pytest.fixture(autouse=True)
def used(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_STORE", str(store))


DOUBLES = ("models:/mine/1", "models:/mine/production", "models:/mine@champion")


@pytest.mark.parametrize("address", DOUBLES)
def test_a_version_is_loaded_by_its_address(address: str) -> None:
    assert runfolio.sklearn.load_model(address).predict(FRAME) == pytest.approx([1.0, 3.0, 5.0])
    loaded = runfolio.pyfunc.load_model(address)
    assert loaded.predict(FRAME) == pytest.approx([1.0, 3.0, 5.0])
    assert runfolio.models.get_model_info(address).signature is not None
    assert runfolio.pyfunc.load_model("models:/mine/latest").predict(FRAME) == pytest.approx([1.5, 4.5, 7.5])


def test_a_version_is_loaded_from_a_copy(tmp_path: Path) -> None:
    loaded = runfolio.sklearn.load_model("models:/mine/1", dst_path=str(tmp_path / "copy"))
    assert loaded.predict(FRAME) == pytest.approx([1.0, 3.0, 5.0]) and (tmp_path / "copy" / "MLmodel").is_file()


def test_a_model_is_evaluated_beside_who_is_in_production() -> None:
    rows = FRAME.assign(target=3 * FRAME["a"])
    config = {"log_model_explainability": False}
    found = runfolio.evaluate(
        "models:/mine/latest",
        rows,
        targets="target",
        model_type="regressor",
        baseline_model="models:/mine/Production",
        evaluator_config=config,
    )
    runfolio.end_run()
    assert found.metrics["mean_absolute_error"] == pytest.approx(0, abs=1e-9)
    assert found.baseline_model_metrics["mean_absolute_error"] == pytest.approx(1.5)


def test_the_commands_take_addresses_of_the_registry(store: Path, tmp_path: Path) -> None:
    at = ("--store", str(store))
    told = json.loads(run("models", "info", "models:/mine@champion", "--json", *at).stdout)
    assert told["path"] == str(store / "registry" / "mine" / "v1") and told["check"] is None
    run("models", "export", "models:/mine/Production", str(tmp_path / "out"), *at)
    assert runfolio.sklearn.load_model(str(tmp_path / "out")).predict(FRAME) == pytest.approx([1.0, 3.0, 5.0])
    differ = run("models", "diff", "models:/mine/1", "models:/mine/2", *at).stdout
    assert "model.skops" in differ
    assert "is trusted" in run("models", "trust", "models:/mine/2", *at).stdout
    FRAME.to_csv(tmp_path / "rows.csv", index=False)
    done = run("models", "predict", "-m", "models:/mine/latest", "-i", str(tmp_path / "rows.csv"), *at)
    assert [float(number) for number in re.findall(r"\d+\.\d+", done.stdout)] == pytest.approx([1.5, 4.5, 7.5])
    assert "Did you mean 'mine'" in run("models", "info", "models:/mein/1", *at, code=3).stderr
    assert runfolio.Client().verify_registry().good


def test_a_damaged_version_is_not_exported(store: Path, tmp_path: Path) -> None:
    copied = runfolio.register_model("models:/mine/1", "other")
    file = Path(runfolio.Client().get_model_version_download_uri("other", copied.version), "requirements.txt")
    text = file.read_text()
    file.unlink()
    file.write_text(text.swapcase())  # as long as it was, which reading alone tells
    for target in ("out", "out.zip"):
        done = run("models", "export", "models:/other/1", str(tmp_path / target), "--store", str(store), code=5)
        assert "is damaged" in done.stderr and not (tmp_path / target).exists()


def test_what_is_noted_beside_a_version_is_no_fault_of_it(store: Path) -> None:
    from runfolio.models.environment.check_result import CheckResult
    from runfolio.models.environment.keeping import keep, kept
    from runfolio.models.safety.hashing import fingerprint

    folder = store / "registry" / "mine" / "v2"
    result = CheckResult(result="passed", digest=fingerprint(folder), time=1)
    keep(str(folder), folder, result)
    assert kept(str(folder), folder) == result
    assert runfolio.Client().verify_registry("mine").good


def test_a_version_whose_run_is_gone_for_good_is_loaded_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUNFOLIO_STORE", str(tmp_path / "another"))
    model = LinearRegression(fit_intercept=False).fit(FRAME, 2 * FRAME["a"])
    with runfolio.start_run() as active:
        runfolio.log_metric("val_loss", 0.5)
        runfolio.sklearn.log_model(model, "model", registered_model_name="mine")
    runfolio.delete_run(active.info.run_id)
    close_all()
    store = open_store(tmp_path / "another")
    collect_garbage(store)
    store.close()
    assert not (tmp_path / "another" / "artifacts" / active.info.run_id).exists()
    assert runfolio.pyfunc.load_model("models:/mine/1").predict(FRAME) == pytest.approx([1.0, 3.0, 5.0])
    version = runfolio.Client().get_model_version("mine", 1)
    assert version.run_id == active.info.run_id and version.metrics is not None and version.metrics[0].value == 0.5
    assert runfolio.Client().verify_registry().good


def test_the_check_of_a_version_is_kept_with_it(wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    folder, store = model_with(wheels), tmp_path / "another"
    monkeypatch.setenv("RUNFOLIO_STORE", str(store))
    runfolio.register_model(str(folder), "tiny")
    client = runfolio.Client()
    client.set_registered_model_policy("tiny", "gates: {Production: {checks: [environment]}}")
    assert not client.preview_transition("tiny", 1, "Production").judgement.passed
    told = json.loads(run("models", "check", "models:/tiny/latest", "--trust", "--json", "--store", str(store)).stdout)
    assert told["kept"] == "tag runfolio.modelCheck of models:/tiny/1"
    assert client.preview_transition("tiny", 1, "Production").judgement.passed
    assert "passed" in run("models", "info", "models:/tiny/1", "--store", str(store)).stdout
    assert client.verify_registry().good
