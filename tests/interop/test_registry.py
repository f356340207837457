"""The same calls of the registry, here and with the real MLflow: the same names, versions, stages, aliases and errors.

What is otherwise on purpose is listed here, and in the docs.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.interop,
    pytest.mark.skipif(importlib.util.find_spec("mlflow") is None, reason="MLflow is not installed"),
]
ROOT = Path(__file__).resolve().parents[2]

# Run by each of the two libraries, as `mlflow`, in a folder with a model of its own.
SCRIPT = r"""
import json, logging, sys, warnings
warnings.simplefilter("ignore")
logging.disable()
library, other = sys.argv[1:]
sys.modules[other] = None
if library == "mlflow":
    import mlflow
    mlflow.set_tracking_uri("sqlite:///mlflow.db")
else:
    import runfolio as mlflow
    mlflow.set_tracking_uri("store")

client = mlflow.MlflowClient()
with mlflow.start_run() as run:
    mlflow.log_metric("val_auc", 0.9)
    mlflow.log_param("lr", 0.1)
    mlflow.log_artifacts("model", "model")
run_id = run.info.run_id
uri = f"runs:/{run_id}/model"
never = "0" * 32

def shown(found):
    if isinstance(found, list):
        return [shown(one) for one in found]
    if hasattr(found, "current_stage"):
        own = (found.name, found.version, found.current_stage, found.description, dict(found.tags), found.status)
        return [*own, list(found.aliases), found.run_id == run_id, found.run_link]
    if hasattr(found, "latest_versions"):
        latest = sorted([one.current_stage, one.version] for one in found.latest_versions)
        return [found.name, found.description, dict(found.tags), dict(found.aliases), latest]
    return found

told = []
def do(call, *args, **named):
    label = f"{call.__name__}({', '.join([*map(repr, args), *(f'{k}={v!r}' for k, v in named.items())])})"
    label = label.replace(run_id, "RUN")
    try:
        told.append([label, shown(call(*args, **named))])
    except mlflow.exceptions.MlflowException as error:
        told.append([label, error.error_code])

c = client
do(c.create_registered_model, "churn", {"team": "a", "n": 1}, "Who leaves.")
do(c.create_registered_model, "churn")
do(c.create_registered_model, "a/b")
do(c.create_registered_model, "a:b")
do(c.create_registered_model, "")
do(c.get_registered_model, "churn")
do(c.get_registered_model, "none")
do(c.update_registered_model, "churn", "Who goes.")
do(c.update_registered_model, "churn")
do(c.set_registered_model_tag, "churn", "k", 3)
do(c.delete_registered_model_tag, "churn", "n")
do(c.delete_registered_model_tag, "churn", "none")
do(c.get_registered_model, "churn")
do(mlflow.register_model, uri, "churn")
do(mlflow.register_model, uri, "churn", tags={"x": 1})
do(mlflow.register_model, uri, "made by registering")
do(mlflow.register_model, f"runs:/{never}/model", "churn")
do(mlflow.register_model, "models:/churn/9", "churn")
do(mlflow.register_model, "nowhere", "nothing")
do(c.create_model_version, "churn", uri, run_id, {"y": "z"}, "https://elsewhere/1", "The third.")
do(c.create_model_version, "none", uri)
do(c.get_model_version, "churn", "1")
do(c.get_model_version, "churn", 1)
do(c.get_model_version, "churn", "9")
do(c.get_model_version, "churn", "x")
do(c.update_model_version, "churn", "1", "The first.")
do(c.update_model_version, "churn", "1")
do(c.update_model_version, "churn", "1", "The first.")
do(c.get_model_version_stages, "churn", "1")
do(c.transition_model_version_stage, "churn", "1", "production")
do(c.transition_model_version_stage, "churn", 2, "Production", archive_existing_versions=True)
do(c.transition_model_version_stage, "churn", "3", "Production", archive_existing_versions=False)
do(c.transition_model_version_stage, "churn", "1", "Prod")
do(c.transition_model_version_stage, "churn", "9", "Staging")
do(c.transition_model_version_stage, "none", "1", "Staging")
do(c.get_latest_versions, "churn", ["production"])
do(c.get_latest_versions, "churn", ["Staging"])
do(c.get_latest_versions, "churn", ["Prod"])
do(c.get_latest_versions, "none")
do(c.get_registered_model, "churn")
do(c.set_registered_model_alias, "churn", "champion", "1")
do(c.set_registered_model_alias, "churn", "champion", 2)
do(c.set_registered_model_alias, "churn", "Latest", 2)
do(c.set_registered_model_alias, "churn", "v2", 2)
do(c.set_registered_model_alias, "made by registering", "7", 1)
do(c.set_registered_model_alias, "churn", "a b", 2)
do(c.set_registered_model_alias, "churn", "gone", 9)
do(c.get_model_version_by_alias, "churn", "champion")
do(c.get_model_version_by_alias, "churn", "none")
do(c.delete_registered_model_alias, "churn", "none")
do(c.set_model_version_tag, "churn", "1", "k", True)
do(c.set_model_version_tag, "churn", key="k", value="p", stage="Production")
do(c.set_model_version_tag, "churn", "1", "k", "v", "Production")
do(c.set_model_version_tag, "churn", key="k", value="v")
do(c.set_model_version_tag, "churn", key="k", value="v", stage="Staging")
do(c.delete_model_version_tag, "churn", "1", "none")
do(mlflow.set_model_version_tag, "churn", "2", "k", "w")
do(c.copy_model_version, "models:/churn/Production", "copy")
do(c.copy_model_version, "models:/churn@champion", "copy")
do(c.copy_model_version, "models:/churn/9", "copy")
filters = [
    "name != 'nothing'", "name = 'churn'", "name LIKE 'ch%'", "name ILIKE 'CH%'", "name = 'nobody'",
    "tags.k = 'w'", "tags.k != 'w'", "tag.k LIKE '%'", f"run_id = '{run_id}'", f"run_id IN ('{run_id}', 'x')",
    "version_number > 1", "version_number = 2", "name = 'churn' AND version_number <= 2",
    "foo = 1", "version_number = 'x'", "name = 1",
]
for filter in filters:
    # In MLflow the answers have no aliases.
    def search_model_versions(filter):
        return [[one.name, one.version, dict(one.tags), one.current_stage]
                for one in sorted(c.search_model_versions(filter), key=lambda one: (one.name, one.version))]
    do(search_model_versions, filter)
def search_page(size, token=None):
    page = c.search_model_versions("name = 'churn'", size, ["version_number DESC"], token)
    return [[one.version for one in page], bool(page.token)] + ([search_page(size, page.token)] if page.token else [])
do(search_page, 2)
for filter in ["name != 'nothing'", "name = 'churn'", "name LIKE '%op%'", "tags.team = 'a'", "foo = 1"]:
    def search_registered_models(filter):
        return [one.name for one in c.search_registered_models(filter)]
    do(search_registered_models, filter)
do(c.rename_registered_model, "copy", "churn")
do(c.rename_registered_model, "copy", "copied")
do(c.rename_registered_model, "copy", "again")
do(c.get_model_version, "copied", "1")
do(c.transition_model_version_stage, "copied", "1", "Staging")
do(c.transition_model_version_stage, "copied", "2", "Staging")
def stages(name):
    return {one.version: one.current_stage for one in c.search_model_versions(f"name = '{name}'")}
do(stages, "copied")
do(c.delete_model_version, "churn", "1")
do(c.delete_model_version, "churn", "1")
do(c.get_model_version, "churn", "1")
do(mlflow.register_model, uri, "churn")
do(c.delete_model_version, "churn", "4")
do(mlflow.register_model, uri, "churn")
do(c.delete_registered_model_alias, "churn", "champion")
do(c.get_registered_model, "churn")
do(c.delete_model_version, "churn", "3")
do(c.delete_registered_model, "none")
do(c.delete_registered_model, "copied")
do(c.get_registered_model, "copied")
def load_text(address):
    return mlflow.artifacts.load_text(f"{address}/weights.txt")
for address in ["churn/2", "churn/Production", "churn/latest", "churn/9", "none/1"]:
    do(load_text, f"models:/{address}")
print(json.dumps(told))
"""

MISSING, WRONG, INTERNAL = "RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE", "INTERNAL_ERROR"
#: What is otherwise: the call, what is said here, and in MLflow. `docs/registry.md` says why.
OTHERWISE: list[tuple[str, Any, Any]] = [
    # There is nothing to register.
    ("register_model('nowhere', 'nothing')", MISSING, ["nothing", 1, "None", None, {}, "READY", [], False, None]),
    # Without a description, it is taken away.
    ("update_model_version('churn', '1')", ["churn", 1, "None", None, {}, "READY", [], True, None], INTERNAL),
    # Such an alias is taken for the number of a version.
    ("set_registered_model_alias('made by registering', '7', 1)", WRONG, None),
    # What is not there is called so, and what is to go and is not there is told.
    ("get_model_version_by_alias('churn', 'none')", MISSING, WRONG),
    ("delete_registered_model_alias('churn', 'none')", MISSING, None),
    ("set_model_version_tag('churn', key='k', value='v', stage='Staging')", MISSING, INTERNAL),
    ("copy_model_version('models:/churn/9', 'copy')", MISSING, INTERNAL),
    # The model as it is now is the answer.
    ("rename_registered_model('copy', 'copied')", ["copied", None, {}, {}, [["None", 2]]], None),
    # Without a word about it, the holder is archived.
    ("stages('copied')", {"1": "Archived", "2": "Staging"}, {"1": "Staging", "2": "Staging"}),
    # They serve.
    ("delete_model_version('churn', '3')", "INVALID_STATE", None),
    ("delete_registered_model('copied')", "INVALID_STATE", None),
    ("get_registered_model('copied')", ["copied", None, {}, {}, [["Archived", 1], ["Staging", 2]]], MISSING),
]


def answers(library: str, other: str, folder: Path) -> list[tuple[str, Any]]:
    """What one of the two says to each call."""
    (folder / "model").mkdir(parents=True)
    (folder / "model" / "weights.txt").write_text("12")
    (folder / "model" / "MLmodel").write_text("flavors:\n  python_function: {loader_module: none}\n")
    (folder / "script.py").write_text(SCRIPT, encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "app"), os.environ.get("PYTHONPATH", "")]),
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    command = [sys.executable, "script.py", library, other]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return [(call, said) for call, said in json.loads(done.stdout.splitlines()[-1])]


def test_the_same_calls_have_the_same_answers_but_where_we_differ_on_purpose(tmp_path: Path) -> None:
    ours = answers("runfolio", "mlflow", tmp_path / "ours")
    theirs = answers("mlflow", "runfolio", tmp_path / "theirs")
    assert [call for call, _ in ours] == [call for call, _ in theirs]
    both = zip(ours, theirs, strict=True)
    assert [(call, own, their) for (call, own), (_, their) in both if own != their] == OTHERWISE
