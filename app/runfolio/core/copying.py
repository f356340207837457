"""Copies files and hashes them on the way: in constant memory, by the kernel where it can, never through a link."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from runfolio.core.errors import InvalidValue

#: What is read and written at once, in bytes; it stays in the processor's cache meanwhile.
BLOCK = 256 << 10
#: What the kernel copies by itself at once; bytes.
STRETCH = 4 << 20
#: After so many bytes, who hashes is told of more: each waking costs, and may put both threads on one processor.
TURN = 16 << 20
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
    return _copy_beside(source, target, told) if hasattr(os, "preadv") else _copy_in_turn(source, target, told)


def linked_hashed(source: Path, target: Path, told: Told = untold) -> str:
    """Have a new file with the content of another, which takes no room where the file system can; returns its SHA-256.

    It shares the bytes until either is changed, or else is another name of the same file, or else a copy.

    Raises:
        InvalidValue: the source is no regular file.
        OSError: it cannot be read, or the target is there, or cannot be written.
    """
    with open_regular(source) as given:
        with target.open("x+b") as made:
            if _is_cloned(given, made):
                return digest_of(made, told)
        target.unlink()
        try:
            os.link(source, target, follow_symlinks=False)
        except OSError:  # not on this file system, or from another one
            with target.open("x+b") as made:
                return copy_hashed(given, made, told)
        return digest_of(given, told)


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
    """A thread reads again what has been written, from the system's cache, and hashes it while more is copied.

    Blocks that are handed over cost more than they save: a scheduler that wakes one thread for each block keeps both on
    one processor.
    """
    written = _Written(target)
    hashing = threading.Thread(target=written.hash, name="runfolio-hash")
    try:
        try:
            hashing.start()
        except RuntimeError:  # no thread starts any more while the interpreter ends
            return _copy_in_turn(source, target, told)
        for done in _stretches(source, target):
            written.tell(done)
            told(done)
    finally:
        # Also where Ctrl+C comes while it starts: the interpreter would wait for it at its end, and never end.
        written.end()
        if hashing.ident is not None:
            hashing.join()
    return written.digest()


class _Written:
    """What has been written of a file, hashed by one thread while another writes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self._more = threading.Condition()
        self._done = self._told = 0
        self._ended = False
        self._trouble: OSError | None = None

    def tell(self, done: int) -> None:
        """So many bytes are there."""
        self._done = done
        if done - self._told >= TURN:
            with self._more:
                self._told = done
                self._more.notify()

    def end(self) -> None:
        """There will be no more."""
        with self._more:
            self._told, self._ended = self._done, True
            self._more.notify()

    def digest(self) -> str:
        """SHA-256 of all, in hexadecimal digits, when the other thread is through. Raises OSError if it was not."""
        if self._trouble is not None:
            raise self._trouble
        return self._digest.hexdigest()

    def hash(self) -> None:
        """Hash what is there until there is no more."""
        block, at = memoryview(bytearray(BLOCK)), 0
        try:
            while (until := self._known(at)) > at:
                while at < until:
                    read = os.preadv(self._file.fileno(), [block[: until - at]], at)
                    if not read:
                        raise OSError("the copy has become shorter while it was written")
                    self._digest.update(block[:read])
                    at += read
        except OSError as error:
            self._trouble = error

    def _known(self, at: int) -> int:
        with self._more:
            while self._told == at and not self._ended:
                self._more.wait()
            return self._told


def _stretches(source: BinaryIO, target: BinaryIO) -> Iterator[int]:
    """Copy what is left of a file; yields how many bytes there are after each stretch."""
    done = 0
    for done in _by_kernel(source, target):
        yield done
    block = memoryview(bytearray(BLOCK))
    while read := source.readinto(block):  # type: ignore[attr-defined]
        target.write(block[:read])
        target.flush()  # what is told of can be read
        done += read
        yield done


def _by_kernel(source: BinaryIO, target: BinaryIO) -> Iterator[int]:
    """The same as far as the kernel copies by itself; both files stand where it has ended."""
    if not hasattr(os, "copy_file_range"):
        return
    start, done = source.tell(), 0
    try:
        while copied := os.copy_file_range(source.fileno(), target.fileno(), STRETCH, start + done, done):
            done += copied
            yield done
    except OSError:  # not between these file systems; what is wrong besides, reading or writing will tell
        pass
    source.seek(start + done)
    target.seek(done)


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
