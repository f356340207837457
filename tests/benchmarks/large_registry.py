"""A store of ten thousand runs whose registry has a thousand models with twenty versions each, made once and kept.

Run with `python -m tests.benchmarks.large_registry` to make it. Rows go into the tables as registering writes them,
with their entries of the log; the files of versions, which no view opens, are left out.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from sqlalchemy import insert, select

from runfolio.core.clock import now_ms
from runfolio.core.registry.model_facts import as_dict
from runfolio.core.registry.names import ARCHIVED, NONE, PRODUCTION, STAGING
from runfolio.core.registry.records import ModelFacts
from runfolio.store import Store, open_store
from runfolio.store.connection import Transaction
from runfolio.store.opening import SCHEMA_VERSION
from runfolio.store.registry.audit import append
from runfolio.store.registry.models import made
from runfolio.store.registry.tables import model_aliases, model_versions, registered_models
from runfolio.store.schema import runs
from tests.benchmarks.large import fill, shape_of

FORMAT = 1
MODELS, VERSIONS, RUNS = 1_000, 20, 10_000
#: The stages of a model's versions: the newest are candidates, one is tried, one serves, the others are history.
HELD = {VERSIONS - 4: PRODUCTION, VERSIONS - 2: STAGING}
FACTS = ModelFacts(
    flavors=("python_function", "sklearn"),
    inputs=tuple((f"feature_{number}", "double") for number in range(12)),
    outputs=(("label", "long"),),
    has_signature=True,
    has_input_example=True,
    python="3.12.1",
    mlflow_version="3.18.0",
)
POLICY = """\
card: [val/acc, val/loss]
gates:
  Production:
    when_failing: reason
    checks:
      - {metric: val/acc, at_least: 0.5}
      - {metric: val/loss, beside_holder: not_worse}
      - signature
      - input_example
      - {runs_in_group: 1}
"""


def large_registry() -> Path:
    """The folder of the store; made if it is not there. Who changes it works on a copy."""
    folder = Path(tempfile.gettempdir()) / "runfolio-explorer" / f"registry-{FORMAT}.{SCHEMA_VERSION}"
    if not folder.exists():
        fresh = folder.with_name(f"{folder.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        store = open_store(fresh)
        fill(store, shape_of(RUNS))
        fill_registry(store)
        store.close()
        fresh.rename(folder)
    return folder


def name_of(model: int) -> str:
    """What a model is called."""
    return f"model-{model:04}"


def fill_registry(store: Store) -> None:
    """Write all models and versions, a hundred models at a time."""
    with store.reading() as connection:
        uuids = list(connection.execute(select(runs.c.run_uuid).order_by(runs.c.id).limit(RUNS)).scalars())
    for first in range(0, MODELS, 100):
        with store.writing() as transaction:
            for model in range(first, first + 100):
                _write(transaction, model, uuids)


def _write(transaction: Transaction, model: int, uuids: list[str]) -> None:
    name, connection = name_of(model), transaction.connection
    number, now = made(transaction, name, {"team": "churn"}, "A model of the benchmark"), now_ms()
    rows = []
    for version in range(1, VERSIONS + 1):
        stage = HELD.get(version, ARCHIVED if version < VERSIONS - 4 else NONE)
        run = uuids[(model * VERSIONS + version) % len(uuids)]
        age = (VERSIONS - version) * 86_400_000
        rows.append(_row(transaction, number, version, stage, run, now - age))
        append(transaction, "register", name, version, new=NONE, evidence={"run_id": run})
        if stage != NONE:
            append(transaction, "transition", name, version, old=NONE, new=stage)
    connection.execute(insert(model_versions), rows)
    changed = {"next_version": VERSIONS + 1, "policy": POLICY}
    connection.execute(registered_models.update().where(registered_models.c.id == number).values(changed))
    of = model_versions.c
    for alias, version in (("champion", VERSIONS - 4), ("challenger", VERSIONS - 2)):
        key = connection.execute(select(of.id).where(of.model_id == number, of.version == version)).scalar_one()
        connection.execute(insert(model_aliases), [{"model_id": number, "alias": alias, "version_id": key}])


def _row(transaction: Transaction, model: int, version: int, stage: str, run: str, time: int) -> dict[str, str | int]:
    return {
        "model_id": model,
        "version": version,
        "stage": stage,
        "stage_time": time,
        "description": f"Version {version}, trained on the data of that day",
        "creation_time": time,
        "last_update_time": time,
        "user_name": "user",
        "source": f"runs:/{run}/model",
        "run_uuid": run,
        "run_link": "",
        "size": 2_100_000,
        "digest": f"{model * VERSIONS + version:064x}",
        "facts": json.dumps(as_dict(FACTS)),
        "metrics": json.dumps({"val/acc": 0.9, "val/loss": 0.2}),
        "params": json.dumps({"lr": "0.1"}),
        "revision": transaction.revision,
    }


if __name__ == "__main__":
    sys.stdout.write(f"{large_registry()}\n")
