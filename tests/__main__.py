"""`python -m tests`: every check of the project, one after the other; arguments go to pytest.

All of them run even when one fails. The exit code is 0 only if every one passed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LINT = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
CHECKS = {
    "style": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy"],
    "imports": ["-c", LINT],
}


# A worker for each processor, but for no more than so many: the tests of faults and of many processes are workers too.
WORKERS = ["-n", "logical", "--maxprocesses", "4", "--dist", "worksteal"]


def pytest_arguments(given: list[str], environment: dict[str, str]) -> list[str]:
    """What pytest is called with: in CI without the slow tests, unless the caller chooses by marks himself.

    Workers share the tests, unless the caller says how many there are: `-n 0` for none, to follow one test closely.
    """
    limited = environment.get("CI") == "true" and "-m" not in given
    workers = [] if "-n" in given else WORKERS
    return ["-m", "pytest", *workers, *(["-m", "not slow"] if limited else []), *given]


def passes(name: str, arguments: list[str]) -> bool:
    """Run one check and say how it went."""
    print(f"== {name}: {' '.join(arguments[1:]) if arguments[0] == '-m' else 'lint-imports'}", flush=True)
    start = time.monotonic()
    code = subprocess.run([sys.executable, *arguments], cwd=ROOT).returncode
    verdict = "passed" if code == 0 else f"FAILED with exit code {code}"
    print(f"== {name} {verdict} after {time.monotonic() - start:.1f} s\n", flush=True)
    return code == 0


def run_pytest(arguments: list[str]) -> tuple[bool, str]:
    """Run pytest, showing what it prints as it comes; whether it passed, and its closing line."""
    print(f"== tests: {' '.join(arguments[1:])}", flush=True)
    command = [sys.executable, *arguments]
    closing = "pytest printed nothing"
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            closing = line.strip() or closing
    return process.returncode == 0, closing


def main() -> int:
    """Run all checks; the last line printed is pytest's own closing line."""
    failed = [name for name, arguments in CHECKS.items() if not passes(name, arguments)]
    passed, closing = run_pytest(pytest_arguments(sys.argv[1:], dict(os.environ)))
    failed += [] if passed else ["tests"]
    print(f"\n== FAILED: {', '.join(failed)}" if failed else "\n== all checks passed")
    print(closing)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
