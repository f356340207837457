"""All files below a folder, none of which is passed over in silence."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path


def walk_files(
    root: Path, unreadable: Callable[[OSError], None] | None = None
) -> Iterator[tuple[Path, os.stat_result]]:
    """What is below a folder but folders, those of each by name, with what is known of each; no link is followed.

    What goes while we look is left out, as if it had never been there.

    Args:
        unreadable: is told of what cannot be looked into, and the rest is gone through.

    Raises:
        OSError: there is no such folder, or, where nobody is told, something cannot be looked into.
    """

    def failed(error: OSError) -> None:
        if isinstance(error, FileNotFoundError) and Path(error.filename) != root:
            return
        if unreadable is None:
            raise error
        unreadable(error)

    for folder, inside, names in os.walk(root, onerror=failed):
        inside.sort()
        # Links to folders are among the folders here.
        for path in (Path(folder, name) for name in sorted([*names, *inside])):
            try:
                about = path.lstat()
            except OSError as error:
                failed(error)
                continue
            if not stat.S_ISDIR(about.st_mode):
                yield path, about
