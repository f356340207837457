"""Requirements that are on this disk: packages in folders, wheels, folders of wheels."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

# What a package is built of, by the endings of names; what building leaves behind is passed over.
_BUILT_OF = frozenset((".py", ".pyx", ".pxd", ".c", ".cc", ".cpp", ".h", ".hpp", ".rs", ".toml", ".cfg", ".in"))
_LEFT = frozenset(("build", "dist", "__pycache__", "node_modules"))
_DESCRIBED_BY = ("pyproject.toml", "setup.py", "setup.cfg")
_PATH = re.compile(r"(?P<option>(?:-e|--editable|-f|--find-links)[\s=]+)?(?P<path>[^\[;]+)(?P<rest>.*)", re.DOTALL)
_ADDRESS = re.compile(r"[A-Za-z0-9._-]+\s*(?:\[[^\]]*\])?\s*@\s*(file:[^\s;]+).*")
_EDITABLE = ("-e", "--editable")


def located(lines: Iterable[str], folder: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines with the whole paths of what they name on this disk, and texts that change with it.

    An environment is made anew when what was copied into it changes; what is installed to be edited is not copied.
    """
    found: list[str] = []
    sources: list[str] = []
    for line in lines:
        if (address := _ADDRESS.fullmatch(line)) and (path := path_of(address[1])) and path.exists():
            found.append(line)
            sources.append(_digest(path, is_linked=False))
            continue
        parts = _PATH.fullmatch(line)
        path = _place(parts["path"].strip(), bool(parts["option"]), folder) if parts else None
        if parts is None or path is None:
            found.append(line)
            continue
        option = (parts["option"] or "").strip().rstrip("=")
        found.append(f"{option} {path}{parts['rest']}".strip())
        sources.append(_digest(path, is_linked=option in _EDITABLE))
    return tuple(found), tuple(sources)


def path_of(address: str) -> Path | None:
    """The path that a `file:` address is of; None for any other."""
    from urllib.request import url2pathname

    parts = urlsplit(address)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def _place(written: str, is_option: bool, folder: Path) -> Path | None:
    """What is named, if it is a path of something that is there."""
    is_path = written.startswith((".", "/", "~")) or os.sep in written or written.endswith((".whl", ".gz", ".zip"))
    if "://" in written or "@" in written or not (is_option or is_path):
        return None
    path = folder / Path(written).expanduser()
    return path.resolve() if path.exists() else None


def _digest(path: Path, *, is_linked: bool) -> str:
    if path.is_file():
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    told = hashlib.sha256()
    if is_linked:
        for file in map(path.joinpath, _DESCRIBED_BY):
            told.update(file.read_bytes() if file.is_file() else b"\0")
        return told.hexdigest()
    for file in _files(path):
        state = file.stat()
        told.update(
            f"{file.relative_to(path)}\0{state.st_size}\0{state.st_mtime_ns}\0".encode(errors="surrogateescape")
        )
    return told.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if one not in _LEFT and "." not in one)
        for name in sorted(files):
            if Path(name).suffix in _BUILT_OF or name.endswith(".whl"):
                yield Path(place, name)
