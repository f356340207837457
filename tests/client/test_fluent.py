"""Scripts log, and the store holds what they logged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from runfolio.core.entities import Run
from runfolio.core.states import RunStatus
from runfolio.store import artifacts, experiments, open_store, run_order, runs, series
from runfolio.store.recover import recover
from runfolio.store.run_query import RunQuery
from tests.client.conftest import Script


def all_runs(folder: Path) -> list[Run]:
    """The runs of a store, oldest first."""
    store = open_store(folder, create=False)
    try:
        ids = run_order.run_ids(store, RunQuery())
        return sorted((runs.get_run(store, int(i)) for i in ids), key=lambda run: run.id)
    finally:
        store.close()


def recover_all(folder: Path) -> None:
    """Bring in what ended without a word."""
    store = open_store(folder)
    recover(store)
    store.close()


def test_three_lines_are_a_run(script: Script, folder: Path) -> None:
    done = script("""
        import runfolio
        runfolio.log_param("lr", 0.001)
        runfolio.log_metric("loss", 0.25, step=1)
    """)
    assert (done.stdout, done.stderr) == ("", "")
    (run,) = all_runs(folder)
    assert run.status is RunStatus.FINISHED
    assert run.experiment_name == "Default"
    assert run.params == {"lr": "0.001"}
    assert run.metrics["loss"].last == 0.25
    assert run.end_time is not None and run.end_time >= run.start_time
    assert not list((folder / "journal").iterdir())


def test_tags_that_whoever_started_the_process_has_chosen(script: Script, folder: Path) -> None:
    start = "import runfolio; runfolio.start_run(tags={'b': 2})"
    script(start, MLFLOW_RUN_CONTEXT='{"team": "vision", "b": 1}')
    done = script(start, RUNFOLIO_RUN_CONTEXT='["no object"]')
    assert "RUNFOLIO_RUN_CONTEXT are passed over" in done.stderr
    first, second = all_runs(folder)
    assert first.tags == {"team": "vision", "b": "2"} and second.tags == {"b": "2"}


def test_everything_a_script_can_say(script: Script, folder: Path) -> None:
    script("""
        import runfolio as mlflow
        mlflow.set_experiment("vision/cifar10")
        with mlflow.start_run(run_name="parent", tags={"team": "a"}, description="**why**") as parent:
            mlflow.log_params({"lr": 0.1, "layers": [64, 64], "none": None})
            mlflow.set_tags({"seed": 3, "team": "b"})
            for step in range(10):
                mlflow.log_metrics({"loss": 1 / (step + 1), "acc": step}, step=step)
            with mlflow.start_run(run_name="child", nested=True):
                assert mlflow.active_run().info.run_name == "child"
                mlflow.log_metric("x", float("nan"))
            assert mlflow.active_run() is parent
        assert mlflow.active_run() is None
        assert mlflow.last_active_run().info.run_name == "child"
    """)
    parent, child = all_runs(folder)
    assert parent.experiment_name == child.experiment_name == "vision/cifar10"
    assert parent.params == {"lr": "0.1", "layers": "[64, 64]", "none": "None"}
    assert parent.tags == {"team": "b", "seed": "3", "mlflow.note.content": "**why**"}
    assert parent.metrics["loss"].minimum == 0.1 and parent.metrics["acc"].maximum_step == 9
    assert child.parent == parent.id
    assert child.metrics["x"].non_finite == 1 and np.isnan(child.metrics["x"].last)


def test_points_come_back_exactly(script: Script, folder: Path) -> None:
    script("""
        import numpy as np
        import runfolio
        values = [0.1, float("inf"), float("nan"), -0.0, 1e308, 5e-324, np.float32(0.1), True, "2.5", 7]
        with runfolio.start_run():
            for value in values:
                runfolio.log_metric("m", value, step=-5, timestamp=1234)
            runfolio.log_metric("m", 1.0, step=np.int64(2**62))
    """)
    store = open_store(folder)
    points = series.points(store, 1, "m")
    expected = [0.1, np.inf, np.nan, -0.0, 1e308, 5e-324, float(np.float32(0.1)), 1.0, 2.5, 7.0, 1.0]
    assert np.array_equal(points.values, expected, equal_nan=True)
    assert points.steps.tolist() == [-5] * 10 + [2**62]
    assert points.times.tolist()[:10] == [1234] * 10
    store.close()


@pytest.mark.parametrize(
    ("ending", "code", "status"),
    [
        ("pass", 0, RunStatus.FINISHED),
        ("sys.exit(0)", 0, RunStatus.FINISHED),
        ("sys.exit(3)", 3, RunStatus.FAILED),
        ("sys.exit('no data')", 1, RunStatus.FAILED),
        ("raise KeyboardInterrupt", -2, RunStatus.KILLED),
        ("raise ValueError('x')", 1, RunStatus.FAILED),
        ("os.kill(os.getpid(), 9)", -9, RunStatus.KILLED),
        ("os.kill(os.getpid(), 15)", -15, RunStatus.KILLED),
        ("os._exit(0)", 0, RunStatus.KILLED),
    ],
)
@pytest.mark.parametrize("with_block", [True, False])
def test_a_run_ends_as_its_process_does(
    script: Script, folder: Path, ending: str, code: int, status: RunStatus, with_block: bool
) -> None:
    block = "with runfolio.start_run():" if with_block else "runfolio.start_run()\nif True:"
    script(
        f"import os, sys, runfolio\n{block}\n    runfolio.log_metric('loss', 1.0, step=7)\n    {ending}\n", code=code
    )

    store = open_store(folder)
    recover(store)
    store.close()
    (run,) = all_runs(folder)
    assert run.status is status
    assert run.metrics["loss"].last_step == 7


def test_artifacts(script: Script, folder: Path, tmp_path: Path) -> None:
    script("""
        import pathlib
        import matplotlib
        matplotlib.use("Agg")
        import matplotlib.pyplot as plt
        import numpy as np
        import runfolio
        pathlib.Path("data/deep").mkdir(parents=True)
        pathlib.Path("data/deep/a.bin").write_bytes(b"abc")
        pathlib.Path("notes.txt").write_text("hello")
        with runfolio.start_run():
            runfolio.log_artifact("notes.txt")
            runfolio.log_artifact("notes.txt", artifact_path="docs")
            runfolio.log_artifact("data")
            runfolio.log_artifacts("data", artifact_path="again")
            runfolio.log_text("Grüße", "text/greeting.txt")
            runfolio.log_dict({"a": [1, 2]}, "config.yaml")
            runfolio.log_dict({"a": [1, 2]}, "config.json")
            figure, axes = plt.subplots()
            axes.plot([1, 2])
            runfolio.log_figure(figure, "plots/line.png")
            runfolio.log_image(np.zeros((4, 5, 3), np.uint8), "black.png")
            runfolio.log_image(np.ones((4, 5)), key="val/sample", step=3)
    """)
    store = open_store(folder)
    names = [artifact.path for artifact in artifacts.list_artifacts(store, 1)]
    small, series_image = (name for name in names if name.startswith("images/"))
    names = [name for name in names if not name.startswith("images/")]
    assert small == series_image.removesuffix(".png") + "+compressed.webp"
    assert names == sorted([
        "again/deep/a.bin", "black.png", "config.json", "config.yaml", "data/deep/a.bin", "docs/notes.txt",
        "notes.txt", "plots/line.png", "text/greeting.txt",
    ])  # fmt: skip
    assert series_image.startswith("images/val~sample+step+3+timestamp+")
    assert artifacts.artifact_file(store, 1, "text/greeting.txt").read_text(encoding="utf-8") == "Grüße"
    assert artifacts.artifact_file(store, 1, "config.yaml").read_text() == "a:\n- 1\n- 2\n"
    assert artifacts.artifact_file(store, 1, "plots/line.png").read_bytes().startswith(b"\x89PNG")
    files = [p for p in (folder / "artifacts").rglob("*") if p.is_file()]
    assert len(files) == len(names) + 2, "no temporary file stays behind"
    store.close()


def test_a_run_goes_on_by_its_id(script: Script, folder: Path) -> None:
    first = script("""
        import runfolio
        with runfolio.start_run() as run:
            runfolio.log_param("lr", 1)
            runfolio.log_metric("loss", 1.0, step=1)
            print(run.info.run_id)
    """).stdout.strip()
    script(
        f"""
        import runfolio
        with runfolio.start_run(run_id="{first}"):
            runfolio.log_metric("loss", 0.5, step=2)
            try:
                runfolio.log_param("lr", 2)
            except runfolio.core.errors.InvalidValue as error:
                print(error)
            raise SystemExit(5)
    """,
        code=5,
    )
    (run,) = all_runs(folder)
    assert run.run_id == first and run.status is RunStatus.FAILED
    assert run.metrics["loss"].count == 2 and run.metrics["loss"].last == 0.5
    assert run.params == {"lr": "1"}


def test_experiments_are_known_by_id_too(script: Script, folder: Path) -> None:
    script("""
        import runfolio
        one = runfolio.set_experiment("a/b")
        runfolio.set_experiment("other")
        runfolio.set_experiment(experiment_id=one.experiment_id)
        with runfolio.start_run() as run:
            assert run.info.experiment_id == one.experiment_id
        with runfolio.start_run(experiment_id=one.experiment_id):
            pass
    """)
    assert [run.experiment_name for run in all_runs(folder)] == ["a/b", "a/b"]
    store = open_store(folder)
    assert [(e.name, e.runs) for e in experiments.list_experiments(store)] == [("a/b", 2), ("other", 0)]
    store.close()


def test_threads_have_runs_of_their_own_or_share_one(script: Script, folder: Path) -> None:
    script("""
        import threading
        import runfolio
        with runfolio.start_run(run_name="shared") as run:
            def work(n):
                for step in range(5000):
                    run.log_metric(f"m{n}", step, step=step)
                with runfolio.start_run(run_name=f"own{n}"):
                    runfolio.log_metric("x", n)
            threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
            for thread in threads: thread.start()
            for thread in threads: thread.join()
    """)
    shared, *own = all_runs(folder)
    assert {key: m.count for key, m in shared.metrics.items()} == {f"m{n}": 5000 for n in range(4)}
    assert sorted(run.name for run in own) == [f"own{n}" for n in range(4)]
    assert all(run.status is RunStatus.FINISHED for run in (shared, *own))


def test_a_forked_child_logs_to_the_same_run(script: Script, folder: Path) -> None:
    script("""
        import os
        import runfolio
        with runfolio.start_run() as run:
            runfolio.log_metric("parent", 1.0)
            child = os.fork()
            if child == 0:
                for step in range(100):
                    runfolio.log_metric("child", step, step=step)
                runfolio.flush()
                os._exit(0)
            os.waitpid(child, 0)
            runfolio.log_metric("parent", 2.0, step=1)
    """)
    store = open_store(folder)

    recover(store)
    store.close()
    (run,) = all_runs(folder)
    assert run.status is RunStatus.FINISHED
    assert {key: m.count for key, m in run.metrics.items()} == {"parent": 2, "child": 100}


def test_a_forked_child_logs_to_a_run_taken_up_by_its_id(script: Script, folder: Path) -> None:
    script("""
        import os
        import runfolio
        with runfolio.start_run() as run:
            pass
        runfolio.log_metric("parent", 1.0, run_id=run.info.run_id)
        child = os.fork()
        if child == 0:
            runfolio.log_metric("child", 1.0, run_id=run.info.run_id)
            os._exit(0)
        os.waitpid(child, 0)
    """)
    recover_all(folder)
    (run,) = all_runs(folder)
    assert (run.status, sorted(run.metrics)) == (RunStatus.FINISHED, ["child", "parent"])


def test_values_that_are_no_text_for_utf_8_are_written_as_escapes(script: Script, folder: Path) -> None:
    script(r"""
        import os
        import runfolio
        with runfolio.start_run():
            runfolio.log_param("data", os.fsdecode(b"/caf\xe9"))
    """)
    (run,) = all_runs(folder)
    assert run.params == {"data": r"/caf\udce9"}


def test_what_is_logged_after_the_end_of_the_process_began(script: Script, folder: Path, tmp_path: Path) -> None:
    """An exit handler that was registered before ours runs after it, when the journal is closed."""
    script("""
        import atexit
        def late():
            files = [open(f"other{n}.txt", "wb") for n in range(20)]
            run.set_tags({"late": "yes"})
            run.log_metric("late", 1.0)
        atexit.register(late)
        import runfolio
        with runfolio.start_run() as run:
            runfolio.log_metric("loss", 1.0)
    """)
    assert all(not file.read_bytes() for file in tmp_path.glob("*.txt"))
    recover_all(folder)
    (run,) = all_runs(folder)
    assert run.status is RunStatus.FINISHED
    assert run.tags == {"late": "yes"} and sorted(run.metrics) == ["late", "loss"]


def test_the_call_returns_before_any_database_is_loaded(script: Script) -> None:
    script("""
        import sys, threading
        threading.Thread.start = lambda self: None  # nothing in the background
        import runfolio
        runfolio.set_experiment("x")
        runfolio.start_run()
        runfolio.log_metric("loss", 1.0)
        assert not {"sqlalchemy", "numpy", "PySide6", "alembic"} & set(sys.modules)
        import os
        os._exit(0)
    """)
