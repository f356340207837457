"""Writes `requirements.lock`: every dependency of ours in one exact version with its hashes, for all supported Pythons.

    python packaging/lock.py            keep the versions where they still fit pyproject.toml
    python packaging/lock.py --upgrade  take the newest ones

Needs uv (`pip install uv`). The lock names no index, so that it holds wherever the packages come from.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "packaging" / "requirements.lock"
HEADER = """\
# All dependencies of Runfolio and of its tests, pinned, for Python 3.11 and newer. Made by packaging/lock.py.
"""
OPTIONS = (
    "pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes"
    " --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet"
)


def compiled(upgrade: bool) -> str:
    """The lock's text as uv resolves it. Raises CalledProcessError when the dependencies contradict each other."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise SystemExit("uv is missing: install it with `pip install uv`.")
    arguments = [uv, *OPTIONS.split(), "--output-file", str(LOCK), *(["--upgrade"] if upgrade else [])]
    subprocess.run(arguments, cwd=ROOT, check=True)
    return LOCK.read_text(encoding="utf-8")


def checked(text: str) -> str:
    """The text without comments. Raises SystemExit if it names an address or a dependency lacks its hash."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if any("://" in line or line.startswith("-") for line in lines):
        raise SystemExit("The lock names an index or an address; it must not.")
    heads = [number for number, line in enumerate(lines) if not line.startswith(" ")]
    unhashed = [lines[number] for number in heads if "--hash=sha256:" not in "".join(lines[number + 1 : number + 2])]
    if unhashed:
        raise SystemExit(f"These have no hash: {', '.join(unhashed)}")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the lock."""
    text = checked(compiled("--upgrade" in sys.argv[1:]))
    LOCK.write_text(HEADER + text, encoding="utf-8")
    print(f"{LOCK.relative_to(ROOT)}: {sum(not line.startswith((' ', '#')) for line in text.splitlines())} packages")


if __name__ == "__main__":
    main()
