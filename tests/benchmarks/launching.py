"""What it costs to run a project: from the command to the script's first line, beside MLflow's own command.

Run with `python -m tests.benchmarks.launching`. Both run the same project by turns; MLflow with `--env-manager local`,
which makes no environment, Runfolio that way and with an environment that uv made before.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from tests.benchmarks.harness import Figure, calibration, report

TIMES = 7
PROJECT = """\
name: launching
{environment}entry_points:
  main:
    parameters:
      alpha: {{type: float, default: 0.5}}
    command: "python train.py --alpha {{alpha}}"
"""
#: It notes when its first line runs, and nothing else.
SCRIPT = "import os, time\nopen(os.environ['FIRST_LINE'], 'w').write(repr(time.time()))\n"


def main() -> int:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="runfolio-benchmark-") as folder:
        home = Path(folder)
        local, uv = _project(home / "local", ""), _project(home / "uv", "python_env: python_env.yaml\n")
        (uv / "python_env.yaml").write_text(f"python: '{sys.version_info[0]}.{sys.version_info[1]}'\n")
        commands: dict[str, tuple[Sequence[str], Path]] = {
            "ours": (("-m", "runfolio", "run", str(local), "--env-manager", "local"), local),
            "cached": (("-m", "runfolio", "run", str(uv)), uv),
        }
        if find_spec("mlflow"):
            commands["mlflow"] = (("-m", "mlflow", "run", str(local), "--env-manager", "local"), local)
        times: dict[str, list[float]] = {name: [] for name in commands}
        for number in range(TIMES + 1):
            for name, (arguments, _) in commands.items():
                spent = _first_line(home, arguments)
                if number:  # the first one makes stores, environments and bytecode
                    times[name].append(spent)
    middle = {name: median(values) * 1000 for name, values in times.items()}
    how = f"median of {TIMES}, by turns"
    figures = [
        Figure("`runfolio run`, the environment kept", middle["cached"], "ms", 700, how),
        Figure("`runfolio run --env-manager local`", middle["ours"], "ms", 700, how),
    ]
    if "mlflow" in middle:
        figures.append(Figure("`mlflow run --env-manager local`", middle["mlflow"], "ms", None, how))
        slower = max(middle["cached"], middle["ours"])
        figures.append(Figure("the slower of ours, of MLflow's", slower / middle["mlflow"], "×", 0.5))
    return report("Launching a project", [*figures, calibration()])


def _project(folder: Path, environment: str) -> Path:
    folder.mkdir()
    (folder / "MLproject").write_text(PROJECT.format(environment=environment))
    (folder / "train.py").write_text(SCRIPT)
    return folder


def _first_line(home: Path, arguments: Sequence[str]) -> float:
    """Seconds from the command to the first line of the script."""
    mark = home / "first-line"
    mark.unlink(missing_ok=True)
    variables = {
        **os.environ,
        "FIRST_LINE": str(mark),
        "RUNFOLIO_STORE": str(home / "store"),
        "MLFLOW_TRACKING_URI": f"sqlite:///{home}/mlflow.db",
        "RUNFOLIO_ENVIRONMENTS": str(home / "environments"),
        "RUNFOLIO_WORK": str(home / "work"),
        "PYTHONDONTWRITEBYTECODE": "",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),
    }
    began = time.time()
    done = subprocess.run([sys.executable, *arguments], env=variables, cwd=home, capture_output=True, text=True)
    if done.returncode or not mark.exists():
        raise RuntimeError(f"{' '.join(arguments)} failed: {done.stderr[-2000:]}")
    return float(mark.read_text()) - began


if __name__ == "__main__":
    sys.exit(main())
