"""Putting files into a run: written under a temporary name and moved into place, so none is ever half there."""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import IO, Any, BinaryIO, TypeVar

from runfolio.client.active_run import ActiveRun
from runfolio.core import rules
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.core.paths import artifact_path

T = TypeVar("T")
log = logging.getLogger("runfolio")


def log_file(run: ActiveRun, local_path: str | os.PathLike[str], artifact_dir: str | None = None) -> bool:
    """Copy a file, or a whole folder under its own name, into the run's folder `artifact_dir`; whether all is there."""
    source = _local(local_path)
    if source.is_dir():
        return log_folder(run, source, _inside(artifact_dir, source.resolve().name))
    if not source.is_file():
        raise NotFound(f"There is no file {str(local_path)!r} to log.")
    name = artifact_path(_inside(artifact_dir, source.name))
    return store_file(run, name, lambda target: _copy(source, target))


def log_folder(run: ActiveRun, local_dir: str | os.PathLike[str], artifact_dir: str | None = None) -> bool:
    """Copy all files below a folder; links are not followed out of it. Returns whether all of them are there.

    A file whose name the store cannot hold on every system is left out, with a warning that names it.
    """
    root = _local(local_dir)
    if not root.is_dir():
        raise NotFound(f"There is no folder {str(local_dir)!r} to log.")
    files = sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink())
    if artifact_dir is not None:
        artifact_path(_inside(artifact_dir, "file"))
    refused, whole = [], True
    for file in files:
        try:
            name = artifact_path(_inside(artifact_dir, file.relative_to(root).as_posix()))
        except InvalidValue as error:
            refused.append(error.message)
            continue
        whole &= store_file(run, name, lambda target, file=file: _copy(file, target))  # type: ignore[misc]
    if refused:
        more = f" And {len(refused) - 1:,} more were left out." if len(refused) > 1 else ""
        log.warning("Not all of %s was logged. %s%s", local_dir, refused[0], more)
    return whole and not refused


def log_bytes(run: ActiveRun, data: bytes, artifact_file: str) -> None:
    """Store bytes as a file."""
    store_file(run, artifact_path(artifact_file), lambda target: target.write(data))


def log_stream(run: ActiveRun, stream: IO[Any], artifact_file: str) -> bool:
    """Store what a stream gives, in blocks; text as UTF-8. Returns whether it is there."""
    if not hasattr(stream, "read"):
        raise InvalidValue(f"A stream has a method read, which {type(stream).__name__} has not.")

    def copy(target: BinaryIO) -> None:
        while block := stream.read(1 << 20):
            target.write(block.encode() if isinstance(block, str) else block)

    return store_file(run, artifact_path(artifact_file), copy)


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


def store_file(run: ActiveRun, name: str, write: Callable[[BinaryIO], object]) -> bool:
    """Have a file written and tell the store; False for trouble with the disk, which is a warning: training goes on."""
    part = str(PurePosixPath(name).with_name(f".{os.urandom(16).hex()}.part"))
    try:
        with _where_it_is(run, lambda folder: _begun(folder, part)) as file:
            write(file)
            size = file.seek(0, os.SEEK_END)  # some formats are not written from the front to the end
        _where_it_is(run, lambda folder: (folder / part).replace(folder / name))
    except (OSError, UnicodeEncodeError) as error:  # the latter where the locale is no UTF-8
        log.warning("The artifact %s could not be stored: %s", name, error)
        _remove(run, part)
        return False
    except BaseException:
        _remove(run, part)
        raise
    run.note_artifact(name, size)
    return True


def _where_it_is(run: ActiveRun, do: Callable[[Path], T]) -> T:
    """Do something in the run's folder, and again if its store is moved in that moment. Raises OSError."""
    while True:
        folder = run.folder
        try:
            return do(folder)
        except OSError:
            if run.folder == folder:
                raise


def _begun(folder: Path, name: str) -> BinaryIO:
    """A new file, and the folders that it is in."""
    _check_inside(folder, name)
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    return (folder / name).open("xb")


def link_file(run: ActiveRun, source: Path | None, name: str, size: int) -> bool:
    """Make a file of that size of another run one of this run too, sharing its bytes; False where that cannot be."""
    if source is None:
        return False
    try:
        folder = run.folder
        target = folder / name
        _check_inside(folder, name)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(source, target)
    except OSError:  # a file system without links, or the other run's file is gone
        return False
    run.note_artifact(name, size)
    return True


def _check_inside(folder: Path, name: str) -> None:
    """A link that somebody put into the run's folder must not lead a file out of it. Raises OSError."""
    for part in PurePosixPath(name).parents if "/" in name else ():
        if part.name and (folder / part).is_symlink():
            raise OSError(f"{part} is a link")


def _remove(run: ActiveRun, name: str) -> None:
    with suppress(OSError):  # its folder may never have been there
        (run.folder / name).unlink()


def _copy(source: Path, target: BinaryIO) -> None:
    with source.open("rb") as file:
        shutil.copyfileobj(file, target, 1 << 20)


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
