"""Addresses of projects as people give them: what each is, and what it is called in the list."""

from __future__ import annotations

import os
from pathlib import Path

from runfolio.core.projects.spec import find_file

#: What begins an address of git, and no path.
REMOTE = ("http://", "https://", "ssh://", "git://", "git+", "git@")


def split(uri: str) -> tuple[str, str]:
    """An address and the subfolder after its `#`, which may be empty."""
    place, _, folder = uri.partition("#")
    return place, folder.strip("/")


def kind_of(uri: str) -> str:
    """In a word what an address is, by how it is written: `git`, `zip` or `folder`."""
    place, _ = split(uri)
    if place.lower().endswith(".zip"):
        return "zip"
    return "git" if place.startswith(REMOTE) or place.endswith(".git") else "folder"


def title_of(uri: str) -> str:
    """What a project is called that gives itself no name: by the last part of its address."""
    place, folder = split(uri)
    last = (folder or place).rstrip("/").replace("\\", "/").rsplit("/", 1)[-1]
    return last.removesuffix(".git").removesuffix(".zip") or uri


def whole(text: str) -> str:
    """An address as it was typed or dropped; a path is made absolute, for the list is used from any folder."""
    text = text.strip()
    place, folder = split(text)
    if not text or place.startswith((*REMOTE, "file:")):
        return text
    path = os.path.abspath(Path(place).expanduser())  # noqa: PTH100 - links stay as they were given
    return f"{path}#{folder}" if folder else path


def holds_project(path: Path) -> bool:
    """Whether a folder has an MLproject file, or a file is a zip file; for what is dropped on a window."""
    if path.is_file():
        return path.suffix.lower() == ".zip"
    try:
        return bool(find_file(one.name for one in path.iterdir()))
    except OSError:
        return False
