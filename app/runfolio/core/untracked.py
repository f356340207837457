"""Small texts that are not in git, as parts of a patch that makes them: what else a run of them would be lost with."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from runfolio.core.secrets import holds_key, is_secret_name, masked

#: Of one file, and of all together; bytes.
MOST_OF_ONE, MOST_OF_ALL = 64 << 10, 1 << 20
MOST_FILES = 200
#: Longer lines of settings are not searched for secrets, which takes the square of their length; characters.
MOST_OF_LINE = 1000
# In these a word such as `token = next(tokens)` tells no secret; in settings it does.
_CODE = (".py", ".sh", ".r", ".jl", ".ipynb")
_PLAIN = frozenset(range(32, 127)) - frozenset(b'"\\')
_ESCAPES = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r", 34: '"', 92: "\\"}


def kept_files(root: Path, names: Iterable[bytes]) -> dict[bytes, bytes]:
    """The parts of a patch for those of the files that can be kept, by the names that git gives them.

    Left out are files that are large, binary, hidden or links, and what looks as if it held a secret.
    """
    kept: dict[bytes, bytes] = {}
    left = MOST_OF_ALL
    for name in names:
        if len(kept) == MOST_FILES:
            break
        content = _content(root, os.fsdecode(name), min(left, MOST_OF_ONE))
        if content is not None:
            kept[name] = new_file(name, content, executable=os.access(root / os.fsdecode(name), os.X_OK))
            left -= len(content)
    return kept


def new_file(name: bytes, content: bytes, *, executable: bool = False) -> bytes:
    """The part of a patch that makes a file, as `git diff` writes it (git-scm.com/docs/diff-format)."""
    old, new = _quoted(b"a/" + name), _quoted(b"b/" + name)
    mode = b"100755" if executable else b"100644"
    head = b"diff --git " + old + b" " + new + b"\nnew file mode " + mode + b"\n"
    if not content:
        return head + b"index 0000000..e69de29\n"
    lines = content.split(b"\n")
    whole = not lines[-1]
    lines = lines[:-1] if whole else lines
    # A name with a blank ends in a tab, or what follows the blank would be taken for a date.
    end = b"\t" if b" " in name and not new.startswith(b'"') else b""
    count = str(len(lines)).encode() if len(lines) > 1 else b""
    hunk = b"@@ -0,0 +1" + (b"," + count if count else b"") + b" @@\n"
    body = b"".join(b"+" + line + b"\n" for line in lines)
    missing = b"" if whole else b"\\ No newline at end of file\n"
    return head + b"--- /dev/null\n+++ " + new + end + b"\n" + hunk + body + missing


def _content(root: Path, name: str, most: int) -> bytes | None:
    """A file's bytes if they are to be kept."""
    path = PurePosixPath(name)
    if any(part.startswith(".") or is_secret_name(part) for part in path.parts):
        return None
    file = root / name
    try:
        if file.is_symlink() or not file.is_file() or file.stat().st_size > most:
            return None
        with file.open("rb") as stream:
            content = stream.read(most + 1)
    except OSError:  # it is gone, or may not be read
        return None
    if len(content) > most or b"\0" in content:
        return None
    return None if _tells_secret(path, content) else content


def _tells_secret(path: PurePosixPath, content: bytes) -> bool:
    text = content.decode("utf-8", "replace")
    if path.suffix.lower() in _CODE:
        return holds_key(text)
    return any(len(line) > MOST_OF_LINE or masked(line) != line for line in text.splitlines())


def _quoted(name: bytes) -> bytes:
    """A name as git writes it: unusual ones in quotes, with escapes as C has them."""
    if all(byte in _PLAIN for byte in name):
        return name
    written = "".join(
        f"\\{_ESCAPES[byte]}" if byte in _ESCAPES else chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in name
    )
    return f'"{written}"'.encode()
