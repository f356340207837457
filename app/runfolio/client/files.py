"""Logging files, folders, streams and texts as artifacts of a run."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePath
from typing import IO, Any, BinaryIO

from runfolio.client.active_run import ActiveRun
from runfolio.client.progress import progress_line
from runfolio.client.storing import store_bytes, store_hashed
from runfolio.core import rules
from runfolio.core.copying import BLOCK, copy_hashed, kind_of, open_regular
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.paths import artifact_path
from runfolio.core.walking import walk_files

log = logging.getLogger("runfolio")


def log_file(run: ActiveRun, local_path: str | os.PathLike[str], artifact_dir: str | None = None) -> bool:
    """Copy a file, or a whole folder under its own name, into the run's folder `artifact_dir`; whether all is there.

    A path that is a link stands for the file that it leads to: it is that file which was named.

    Raises:
        NotFound: there is no such file.
        InvalidValue: the name is not allowed, or it is a pipe, a socket or a device.
    """
    source = _local(local_path)
    if source.is_dir():
        return log_folder(run, source, _inside(artifact_dir, source.resolve().name))
    if not source.exists():
        raise NotFound(f"There is no file {str(local_path)!r} to log.")
    return _stored_copy(run, artifact_path(_inside(artifact_dir, source.name)), source)


def log_folder(run: ActiveRun, local_dir: str | os.PathLike[str], artifact_dir: str | None = None) -> bool:
    """Copy all files below a folder. Returns whether all of them are there.

    A link, which could lead out of the folder, a pipe, a socket, a device, and a file whose name the store cannot hold
    on every system are left out, with a warning that names the first of them and the rule; so is a folder that cannot
    be looked into.
    """
    root = _local(local_dir)
    if not root.is_dir():
        raise NotFound(f"There is no folder {str(local_dir)!r} to log.")
    if artifact_dir is not None:
        artifact_path(_inside(artifact_dir, "file"))
    refused: list[str] = []
    whole = True

    def unreadable(error: OSError) -> None:
        refused.append(f"{error.filename} cannot be read: {error.strerror}.")

    for file, about in list(walk_files(root, unreadable)):
        name = file.relative_to(root).as_posix()
        try:
            if what := kind_of(about.st_mode):
                raise InvalidValue(f"{name!r} is {what}, which is not followed.")
            whole &= _stored_copy(run, artifact_path(_inside(artifact_dir, name)), file)
        except InvalidValue as error:
            refused.append(error.message)
    if refused:
        more = f" And {len(refused) - 1:,} more were left out." if len(refused) > 1 else ""
        log.warning("Not all of %s was logged. %s%s", local_dir, refused[0], more)
    return whole and not refused


def log_bytes(run: ActiveRun, data: bytes, artifact_file: str) -> None:
    """Store bytes as a file."""
    store_bytes(run, artifact_path(artifact_file), data)


def log_stream(run: ActiveRun, stream: IO[Any], artifact_file: str) -> bool:
    """Store what a stream gives, in blocks; text as UTF-8. Returns whether it is there."""
    if not hasattr(stream, "read"):
        raise InvalidValue(f"A stream has a method read, which {type(stream).__name__} has not.")

    def copy(target: BinaryIO) -> str:
        digest = hashlib.sha256()
        while block := stream.read(BLOCK):
            data = block.encode() if isinstance(block, str) else block
            digest.update(data)
            target.write(data)
        return digest.hexdigest()

    return store_hashed(run, artifact_path(artifact_file), copy)


def log_text(run: ActiveRun, text: str, artifact_file: str) -> None:
    """Store a text as UTF-8."""
    if not isinstance(text, str):
        raise InvalidValue(f"A text must be a string, not {type(text).__name__}.")
    log_bytes(run, rules.text(text).encode(), artifact_file)


def log_mapping(run: ActiveRun, dictionary: Any, artifact_file: str) -> None:
    """Store a dictionary as YAML or, by any other suffix, as JSON; what JSON cannot hold is written as text."""
    if artifact_path(artifact_file).endswith((".yaml", ".yml")):
        import yaml

        write: Callable[[Any], Any] = partial(yaml.safe_dump, sort_keys=False, allow_unicode=True)
        trouble: tuple[type[Exception], ...] = (yaml.YAMLError, RecursionError)
    else:
        write = partial(json.dumps, indent=2, ensure_ascii=False, default=str)
        trouble = (TypeError, ValueError, RecursionError)
    try:
        text = write(dictionary)
    except trouble as error:
        raise InvalidValue(f"The dictionary cannot be written to {artifact_file!r}: {error}.") from error
    log_text(run, text, artifact_file)


def _stored_copy(run: ActiveRun, name: str, source: Path) -> bool:
    """Store a copy of a file, with its hash. Raises InvalidValue if it is a pipe or the like."""
    try:
        opened = open_regular(source)
    except OSError as error:
        log.warning("The artifact %s could not be stored: %s", name, error)
        return False
    with opened as file, progress_line(f"Logging {source.name}", os.fstat(file.fileno()).st_size) as told:
        return store_hashed(run, name, lambda target: copy_hashed(file, target, told))


def _local(path: Any) -> Path:
    if not isinstance(path, (str, os.PathLike)):
        raise InvalidValue(f"What to log is given by its path, not by {type(path).__name__}.")
    return Path(path)


def _inside(folder: str | PurePath | None, name: str) -> str:
    if isinstance(folder, PurePath):
        folder = folder.as_posix()
    if folder is not None and not isinstance(folder, str):
        raise InvalidValue(f"The artifact folder must be a string, not {type(folder).__name__}.")
    return f"{folder.rstrip('/')}/{name}" if folder else name
