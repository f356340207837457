"""Bytecode that lies in a model's folder is not run: nobody sees what it does. Scripts have `pyfunc/compiling.py`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any


def take_none_of(folder: str, scratch: str) -> None:
    """Compile the code below a folder from its source, in this process and in those that it starts.

    That of libraries is run as it was compiled before, for to compile them takes seconds. Python looks for bytecode
    where it can tell how old the source is (`importlib.abc.SourceLoader.path_stats`).

    Args:
        scratch: a folder, in which processes that this one starts look for all bytecode, and find none.
    """
    os.environ["PYTHONPYCACHEPREFIX"] = scratch
    root, known = Path(folder).resolve(), SourceFileLoader.path_stats

    @cache
    def is_own(place: str) -> bool:
        return Path(place).resolve().is_relative_to(root)

    def path_stats(self: SourceFileLoader, path: str) -> Mapping[str, Any]:
        if is_own(path.rpartition(os.sep)[0]) or is_own(path):
            raise OSError("bytecode is not wanted")
        return known(self, path)

    SourceFileLoader.path_stats = path_stats  # type: ignore[method-assign]
