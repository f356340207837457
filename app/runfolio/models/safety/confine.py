"""What a process does to itself before it loads a model: it gives up what a model has no need of.

Limits of memory, of processor time and of files are POSIX's (`setrlimit`). On Linux, a filter of system calls (seccomp)
refuses new sockets, and Landlock allows to write to one folder only and to signal no process outside. All of them hold
for what the process starts, too, and cannot be undone. Where a system has one of them not, the others hold; macOS and
Windows have the limits that the parent keeps watch on: time and memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import platform
import struct
import sys
from pathlib import Path

from runfolio.previews.limits import limit_memory

if sys.platform != "win32":
    import resource

# linux/prctl.h and linux/seccomp.h
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
# linux/bpf_common.h: load a word, jump if equal, jump if at least, return.
_LOAD, _IF_EQUAL, _IF_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE, _ABSENT = 0x7FFF0000, 0x00050000 | 13, 0x00050000 | 38  # EACCES, ENOSYS
_NUMBER_AT, _MACHINE_AT = 0, 4  # in struct seccomp_data
_OTHER_ABI = 0x40000000  # x32's numbers of system calls
# By the machine: its AUDIT_ARCH, and the number of socket().
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_IO_URING_SETUP = 425  # can open sockets past the filter
# linux/landlock.h; these numbers are the same on all machines.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
_WRITING = sum(1 << bit for bit in (1, *range(4, 13)))  # write, remove and make files of all kinds
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_WRITE_FILE = 1 << 1
_SCOPES = 0b11  # abstract sockets and signals
# Devices that libraries write to.
_DEVICES = ("null", "zero", "full", "shm", "nvidia*", "dri", "kfd")


def confine(own: Path, *, memory: int, written: int, network: bool) -> list[str]:
    """Give up what a model has no need of. Must be called before there is a second thread.

    Args:
        own: the only folder that may be written to.
        memory: bytes of memory.
        written: bytes of a file.
        network: whether sockets may be opened.

    Returns:
        What holds from now on: "memory", "files", "network", "folder".
    """
    held = []
    if sys.platform != "win32":
        limit_memory(memory)
        held.append("memory")
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
            held.append("files")
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if _prctl(libc, _NO_NEW_PRIVILEGES, 1):
            held += ["network"] if not network and _without_sockets(libc) else []
            held += ["folder"] if _write_only_to(libc, own) else []
    return held


def _without_sockets(libc: ctypes.CDLL) -> bool:
    """Refuse socket() to this process and all that it starts."""
    found = _MACHINES.get(platform.machine())
    if found is None:
        return False
    machine, number = found
    program = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_LEAST, 3, 0, _OTHER_ABI),
        (_IF_EQUAL, 2, 0, number),
        (_IF_EQUAL, 2, 0, _IO_URING_SETUP),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ABSENT),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
    header = struct.pack("HxxxxxxQ" if sys.maxsize > 1 << 32 else "HxxI", len(program), ctypes.addressof(code))
    pointer = ctypes.create_string_buffer(header, len(header))
    return _prctl(libc, _SET_SECCOMP, _FILTER, ctypes.addressof(pointer))


def _prctl(libc: ctypes.CDLL, what: int, *given: int) -> bool:
    """Whether the kernel did it."""
    words = [ctypes.c_ulong(one) for one in (*given, 0, 0, 0, 0)[:4]]
    return int(libc.prctl(what, *words)) == 0


def _write_only_to(libc: ctypes.CDLL, own: Path) -> bool:
    """Allow to write to one folder, and to some devices."""
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    handled = _WRITING | (_REFER if version > 1 else 0) | (_TRUNCATE if version > 2 else 0)
    rules = struct.pack("QQQ", handled, 0, _SCOPES)[: 24 if version > 5 else 8]
    given = ctypes.create_string_buffer(rules, len(rules))
    ruleset = libc.syscall(_CREATE_RULESET, given, ctypes.c_size_t(len(rules)), 0)
    if ruleset < 0:
        return False
    try:
        _allow(libc, ruleset, own, handled)
        for pattern in _DEVICES:
            for device in Path("/dev").glob(pattern):
                inside = handled & ~_REFER if device.is_dir() else handled & (_WRITE_FILE | _TRUNCATE)
                _allow(libc, ruleset, device, inside)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = struct.pack("=Qi", rights, place)
        libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.create_string_buffer(rule, len(rule)), 0)
    finally:
        os.close(place)
