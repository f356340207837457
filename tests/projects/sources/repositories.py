"""Git repositories for tests, and a server of them."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIT = shutil.which("git") or ""
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
}
AS_SOMEBODY = ("user.name=A", "user.email=a@b.c", "init.defaultBranch=main", "protocol.file.allow=always")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder as somebody."""
    settings = [part for setting in AS_SOMEBODY for part in ("-c", setting)]
    command = [GIT, *settings, *arguments]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def commit(folder: Path, **files: str) -> str:
    """Write files (`train_py="…"` is train.py), commit them, and return the commit; a repository is made if need be."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "-q")
    for name, text in files.items():
        file = folder / name.replace("__", "/").replace("_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "x")
    return git(folder, "rev-parse", "HEAD")


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """A server of the repositories below a folder; its address, as `git://localhost:1234`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--reuseaddr", "--export-all", "--listen=127.0.0.1", f"--port={port}", f"--base-path={folder}"]
    # The program itself and not `git daemon`, which would leave it behind when it is ended.
    daemon = Path(git(folder, "--exec-path")) / "git-daemon"
    server = subprocess.Popen([daemon, *options, str(folder)], env=ENVIRONMENT, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield f"git://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
