"""Unpacks a zip file that nobody has looked at: nothing lands outside of its folder, and nothing fills the disk."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from runfolio.core import numbers
from runfolio.core.errors import EnvironmentProblem, InvalidValue
from runfolio.core.paths import same_name, stored_path
from runfolio.core.printable import printable
from runfolio.core.projects.records import FILE_NAME
from runfolio.projects.sources.source import Watch

#: Entries; bytes of all files together; how many times as large as the zip file they may be, once that is more than
#: `FREE` bytes: data of zeros is packed 1,000 times smaller, and code 5 times.
MOST_FILES, MOST_BYTES, MOST_TIMES, FREE = 100_000, 16 << 30, 200, 64 << 20
BLOCK = 1 << 18
# What some systems put into a zip file without being asked.
_BESIDE = ("__MACOSX", ".DS_Store")
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def is_zip(path: Path) -> bool:
    """Whether a file is meant as a zip file, by its name or by what it holds."""
    return path.suffix.lower() == ".zip" or zipfile.is_zipfile(path)


def unzip(file: Path, folder: Path, watch: Watch) -> None:
    """Unpack a zip file into an empty folder.

    Raises:
        InvalidValue: it is damaged, encrypted or too large, or names files that no project has; which and why is told.
        EnvironmentProblem: the disk has no room for it.
        Stopped: nobody waits any more.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            entries = list(_checked(archive.infolist(), file))
            _check_room(entries, folder, file)
            _unpack(archive, entries, folder, file, watch)
    except (InvalidValue, EnvironmentProblem):
        raise
    except _DAMAGED as error:
        raise InvalidValue(f"{file.name} cannot be unpacked: {error}.", "Make the zip file anew.") from error


def inner_project(root: Path) -> Path:
    """The folder of the project in what was unpacked: the only one at the top if the MLproject is there, else the top.

    MLflow takes the top; zip files that are made of a folder, as servers of git repositories do, have it in that one.
    """
    found = [path for path in root.iterdir() if path.name not in _BESIDE]
    if len(found) != 1 or not found[0].is_dir():
        return root
    named = {one.name.lower() for one in found[0].iterdir()}
    return found[0] if FILE_NAME.lower() in named else root


def _checked(entries: Sequence[zipfile.ZipInfo], file: Path) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The entries with the names that they get. Raises InvalidValue for the first that is wrong."""
    if len(entries) > MOST_FILES:
        raise InvalidValue(f"{file.name} holds {len(entries):,} files; {MOST_FILES:,} are unpacked at most.")
    taken: dict[str, tuple[str, bool]] = {}
    for entry in entries:
        name = _name_of(entry, file)
        if not name:
            continue
        wrong = _wrong_kind(entry)
        if wrong:
            raise InvalidValue(f"{printable(name)!r} in {file.name} is {wrong}.", "Make the zip file without it.")
        _take(name, entry.is_dir(), taken, file)
        yield name, entry


def _name_of(entry: zipfile.ZipInfo, file: Path) -> str:
    name = entry.filename
    while name.startswith("./"):
        name = name[2:]
    name = name.removesuffix("/") if entry.is_dir() else name
    if not name and entry.is_dir():
        return ""
    try:
        stored_path(name)
    except InvalidValue as error:
        why = error.message.rpartition("is not allowed: ")[2] or error.message
        raise InvalidValue(f"The name {printable(name)[:200]!r} in {file.name} is not unpacked: {why}") from error
    return name


def _wrong_kind(entry: zipfile.ZipInfo) -> str:
    """What an entry is that is neither a file nor a folder, in words; "" for those."""
    if entry.flag_bits & 1:
        return "encrypted"
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "a link, which might lead out of the folder"
    return "" if kind in (0, stat.S_IFREG, stat.S_IFDIR) else "no file"


def _take(name: str, is_folder: bool, taken: dict[str, tuple[str, bool]], file: Path) -> None:
    """Note a name and the folders it lies in. Raises InvalidValue if some system takes it for another one's."""
    if not is_folder and taken.get(same_name(name)) == (name, False):
        raise InvalidValue(f"{name!r} is in {file.name} more than once.", "Make the zip file anew.")
    parts = name.split("/")
    for end in range(1, len(parts) + 1):
        part, folder = "/".join(parts[:end]), is_folder or end < len(parts)
        before, was_folder = taken.setdefault(same_name(part), (part, folder))
        if before != part:
            raise InvalidValue(f"{before!r} and {part!r} in {file.name} are one and the same to some systems.")
        if was_folder != folder:
            raise InvalidValue(f"{part!r} in {file.name} is a file and a folder.", "Make the zip file anew.")


def _check_room(entries: Sequence[tuple[str, zipfile.ZipInfo]], folder: Path, file: Path) -> None:
    """Refuse at once what says of itself that it is too large."""
    total = sum(entry.file_size for _, entry in entries)
    _check_size(total, file)
    free = shutil.disk_usage(folder).free
    if total > free:
        raise EnvironmentProblem(
            f"{file.name} needs {numbers.size(total)}, and {folder.parent} has {numbers.size(free)} left.",
            "Make room on the disk, and try again.",
        )


def _check_size(total: int, file: Path) -> None:
    if total > MOST_BYTES:
        raise InvalidValue(
            f"{file.name} unpacks to more than {numbers.size(MOST_BYTES)}.", "Keep data out of projects."
        )
    if total > max(FREE, file.stat().st_size * MOST_TIMES):
        raise InvalidValue(
            f"{file.name} unpacks to more than {MOST_TIMES} times its size, which only traps do.",
            "Unpack it yourself if you know it, and give the folder.",
        )


def _unpack(
    archive: zipfile.ZipFile, entries: Sequence[tuple[str, zipfile.ZipInfo]], folder: Path, file: Path, watch: Watch
) -> None:
    total = 0
    for name, entry in entries:
        watch.check()
        target = folder / name
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        # What an entry says of its size need not be so: what comes out of it is counted.
        with archive.open(entry) as packed, target.open("xb") as out:
            while block := packed.read(BLOCK):
                total += len(block)
                _check_size(total, file)
                watch.check()
                out.write(block)
        if (entry.external_attr >> 16) & 0o100:
            target.chmod(target.stat().st_mode | 0o111)
