"""Copies files and hashes them on the way: in constant memory, by the kernel where it can, never through a link."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from runfolio.core.errors import InvalidValue

#: What is read at once; bytes.
BLOCK = 4 << 20
#: So many blocks are read, hashed and written at a time.
BLOCKS = 4
#: From this size on a file is hashed beside its copying, which is not worth a thread before; bytes.
LARGE = 8 << 20
# Linux's ioctl that has one file share the bytes of another until either changes: linux/fs.h, FICLONE.
_CLONE = 0x40049409
#: Told how many bytes have been copied.
Told = Callable[[int], None]


def untold(_done: int) -> None:
    """Tell nobody."""


def open_regular(path: Path) -> BinaryIO:
    """Open a file to read it; a pipe, socket or device is refused, and never waited for.

    Raises:
        InvalidValue: it is no regular file.
        OSError: it cannot be opened.
    """
    if sys.platform == "win32":
        _check_regular(path, path.stat().st_mode)
        return path.open("rb")
    # A pipe that has come in its place since it was looked at is opened without waiting for a writer.
    _check_regular(path, path.stat().st_mode)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        _check_regular(path, os.fstat(descriptor).st_mode)
        return open(descriptor, "rb")  # noqa: PTH123 (a descriptor has no path)
    except BaseException:
        os.close(descriptor)
        raise


def kind_of(mode: int) -> str:
    """What a file that is no regular one is, in words; "" of a regular file or a folder."""
    kinds = {stat.S_ISLNK: "a link", stat.S_ISFIFO: "a pipe", stat.S_ISSOCK: "a socket"}
    kinds |= {stat.S_ISCHR: "a device", stat.S_ISBLK: "a device"}
    return next((word for test, word in kinds.items() if test(mode)), "")


def _check_regular(path: Path, mode: int) -> None:
    if not stat.S_ISREG(mode):
        what = kind_of(mode) or "a folder"
        raise InvalidValue(f"{path} is {what}, and an artifact is a regular file.", "Write what it gives to a file.")


def copy_hashed(source: BinaryIO, target: BinaryIO, told: Told = untold) -> str:
    """Copy what is left of a file to an empty one that can be read too; returns the SHA-256 of what was written.

    What is hashed are the bytes that were written: a source that changes meanwhile makes no hash of neither.

    Raises:
        OSError: it cannot be read or written.
    """
    if os.fstat(source.fileno()).st_size < LARGE:
        return _copy_in_turn(source, target, told)
    if _is_cloned(source, target):
        target.seek(0)
        return digest_of(target, told)
    return _copy_beside(source, target, told)


def digest_of(file: BinaryIO, told: Told = untold) -> str:
    """SHA-256 of what is left of a file, in hexadecimal digits. What `told` raises ends it. Raises OSError."""
    digest, done, block = hashlib.sha256(), 0, bytearray(BLOCK)
    view = memoryview(block)
    while read := file.readinto(block):  # type: ignore[attr-defined]
        digest.update(view[:read])
        done += read
        told(done)
    return digest.hexdigest()


def _copy_in_turn(source: BinaryIO, target: BinaryIO, told: Told) -> str:
    digest, done = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
        done += len(block)
        told(done)
    return digest.hexdigest()


def _copy_beside(source: BinaryIO, target: BinaryIO, told: Told) -> str:
    """A thread hashes each block while it is written and the next one is read, none of which needs Python's lock.

    The kernel's own copy (`copy_file_range`) would have to be followed by reading the file again.
    """
    digest, done = hashlib.sha256(), 0
    free: SimpleQueue[bytearray] = SimpleQueue()
    filled: SimpleQueue[tuple[bytearray, int] | None] = SimpleQueue()
    hashing = threading.Thread(target=_hash_filled, args=(digest, filled, free), name="runfolio-hash")
    try:
        hashing.start()
    except RuntimeError:  # no thread starts any more while the interpreter ends
        return _copy_in_turn(source, target, told)
    for _ in range(BLOCKS):
        free.put(bytearray(BLOCK))
    try:
        while read := source.readinto(block := free.get()):  # type: ignore[attr-defined]
            filled.put((block, read))
            target.write(memoryview(block)[:read])
            done += read
            told(done)
    finally:
        filled.put(None)
        hashing.join()
    return digest.hexdigest()


def _hash_filled(digest: Any, filled: SimpleQueue[tuple[bytearray, int] | None], free: SimpleQueue[bytearray]) -> None:
    while (one := filled.get()) is not None:
        block, count = one
        digest.update(memoryview(block)[:count])
        free.put(block)  # whoever takes it has written it by then


def _is_cloned(source: BinaryIO, target: BinaryIO) -> bool:
    """Whether the file system has made the whole of one file the other's, which takes no room until one changes."""
    if sys.platform != "linux":
        return False
    import fcntl

    try:
        fcntl.ioctl(target.fileno(), _CLONE, source.fileno())
    except OSError:  # it cannot, as ext4 cannot, or they are not on one
        return False
    return True
