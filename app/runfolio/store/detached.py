"""Starting a process of ours that works on a store by itself, and outlives the one that has started it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from runfolio.core.environment import of_no_run
from runfolio.store.connection import Store


def start(store: Store, arguments: Sequence[str], name: str) -> None:
    """Start `runfolio` with arguments on a store; nothing waits for its end. Raises OSError."""
    process = subprocess.Popen(
        [sys.executable, "-m", "runfolio", *arguments, "--store", str(store.path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        # Python looks for modules in the folder where it starts: it must be one that nobody else can write to.
        cwd=Path(sys.executable).parent,
        env=of_no_run(os.environ),
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    # Somebody has to take note of its end, or it would be left as a zombie for as long as this process lives.
    threading.Thread(target=process.wait, name=name, daemon=True).start()
