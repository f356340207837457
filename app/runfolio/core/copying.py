"""Copies files and hashes them on the way: in constant memory, by the kernel where it can, never through a link."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

from runfolio.core.errors import InvalidValue

#: What is read at once; bytes.
BLOCK = 1 << 20
#: What is copied while what was copied before it is hashed; bytes.
PIECE = 8 << 20
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
    if os.fstat(source.fileno()).st_size <= PIECE:
        return _copy_small(source, target, told)
    if _is_cloned(source, target):
        target.seek(0)
        return digest_of(target, told)
    return _copy_large(source, target, told)


def digest_of(file: BinaryIO, told: Told = untold) -> str:
    """SHA-256 of what is left of a file, in hexadecimal digits. What `told` raises ends it. Raises OSError."""
    digest, done, block = hashlib.sha256(), 0, bytearray(BLOCK)
    view = memoryview(block)
    while read := file.readinto(block):  # type: ignore[attr-defined]
        digest.update(view[:read])
        done += read
        told(done)
    return digest.hexdigest()


def _copy_small(source: BinaryIO, target: BinaryIO, told: Told) -> str:
    digest, done = hashlib.sha256(), 0
    while block := source.read(BLOCK):
        digest.update(block)
        target.write(block)
        done += len(block)
        told(done)
    return digest.hexdigest()


def _copy_large(source: BinaryIO, target: BinaryIO, told: Told) -> str:
    """A piece is hashed beside the copying of the next: both take about as long, and neither holds Python's lock."""
    from concurrent.futures import ThreadPoolExecutor

    digest, done, copy = hashlib.sha256(), 0, _copier(source, target)
    with Path(target.name).open("rb", buffering=0) as written, ThreadPoolExecutor(1, "runfolio-hash") as beside:
        hashing: Any = None
        while copied := copy():
            if hashing is not None:
                hashing.result()
            hashing = _begin(beside, lambda count=copied: _update(digest, written, count))  # type: ignore[misc]
            done += copied
            told(done)
        if hashing is not None:
            hashing.result()
    return digest.hexdigest()


def _begin(beside: Any, work: Callable[[], None]) -> Any:
    try:
        return beside.submit(work)
    except RuntimeError:  # no thread starts any more while the interpreter ends
        return work()


def _update(digest: Any, file: Any, count: int) -> None:
    """Hash so many bytes of a file that is read without a buffer."""
    block = bytearray(min(count, BLOCK))
    while count:
        read = file.readinto(memoryview(block)[: min(count, BLOCK)])
        if not read:
            raise OSError(errno.EIO, "what was written is not there")
        digest.update(memoryview(block)[:read])
        count -= read


def _copier(source: BinaryIO, target: BinaryIO) -> Callable[[], int]:
    """What copies the next piece and returns how much that was, 0 at the end."""
    if not hasattr(os, "copy_file_range"):
        return lambda: _by_hand(source, target)
    by_kernel = True

    def copy() -> int:
        nonlocal by_kernel
        if by_kernel:
            with suppress(OSError):  # of another file system, or one that cannot; trouble with the disk comes again
                if copied := os.copy_file_range(source.fileno(), target.fileno(), PIECE):
                    return copied
            by_kernel = False
            target.seek(0, os.SEEK_END)
            source.seek(target.tell())
        return _by_hand(source, target)

    return copy


def _by_hand(source: BinaryIO, target: BinaryIO) -> int:
    copied = 0
    while copied < PIECE and (block := source.read(BLOCK)):
        target.write(block)
        copied += len(block)
    target.flush()
    return copied


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
