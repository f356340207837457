"""What the process that reads may take of the machine, as far as the system has such limits."""

from __future__ import annotations

import contextlib
import os
import sys

if sys.platform != "win32":
    import resource

#: Bytes of memory of its own, without the files that it has mapped.
MEMORY = 2 * 1024**3
#: Mapped files are told apart from memory of its own only by Linux; there, all that is mapped may come to so much.
ADDRESSES = 1024**4


def limit_memory(most: int) -> None:
    """Let this process have so many bytes: what asks for more gets a MemoryError. Nothing happens on Windows."""
    if sys.platform == "win32":
        return
    _lower(resource.RLIMIT_DATA, most)
    _lower(resource.RLIMIT_AS, ADDRESSES)
    _lower(resource.RLIMIT_CORE, 0)


def limit_processor(seconds: float) -> None:
    """End this process after so many more seconds of computing, in case that nobody is left to end it."""
    if sys.platform == "win32":
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 2
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def environment() -> dict[str, str]:
    """The environment of a process that reads: libraries that would start a thread for each core have one."""
    few = dict.fromkeys(["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"], "1")
    # Arrow's other allocators keep what has been freed, and take memory in very large pieces.
    return {**os.environ, **few, "ARROW_DEFAULT_MEMORY_POOL": "system", "PYTHONUTF8": "1"}


if sys.platform != "win32":

    def _lower(which: int, most: int) -> None:
        _, hard = resource.getrlimit(which)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS knows some of these and sets none
            resource.setrlimit(which, (most, most))
