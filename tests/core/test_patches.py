"""What is read from a patch is what git itself counts, for files of any content and name."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.patches import read_patch

LINES = st.lists(st.sampled_from(["a", "- b", "+ c", "@@ -1 +1 @@", "diff --git a/x b/x", "# not in git: z", ""]))
NAMES = st.sampled_from(["a.py", "b c.txt", "ä/ü.py", 'q"uote.py', "+++ x", "deep/er/d.py"])


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false", *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout.decode(errors="replace")


def write(folder: Path, files: dict[str, list[str]]) -> None:
    for name, lines in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@settings(max_examples=25)
@given(st.dictionaries(NAMES, LINES), st.dictionaries(NAMES, LINES))
def test_the_files_and_their_lines_are_those_that_git_counts(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        git(folder, "init", "-q")
        write(folder, {"keep": ["k"], **before})
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "x")
        for name in before.keys() - after.keys():
            (folder / name).unlink()
        write(folder, after)
        git(folder, "add", ".")
        patch = read_patch(git(folder, "diff", "HEAD", "--binary", "--no-renames"))
        counted = git(folder, "diff", "HEAD", "--numstat", "--no-renames", "-z").split("\0")[:-1]
    expected = {name: (int(a), int(r)) for a, r, name in (line.split("\t") for line in counted)}
    assert {file.path: (file.added, file.removed) for file in patch.files} == expected


def test_renamed_binary_and_unknown_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "old.py").write_text("x\n" * 30)
    (tmp_path / "data.bin").write_bytes(b"\0\1" * 50)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "x")
    git(tmp_path, "mv", "old.py", "new.py")
    (tmp_path / "data.bin").write_bytes(b"\0\2" * 50)
    patch = read_patch(git(tmp_path, "diff", "HEAD", "-M", "--binary") + "\n# not in git: notes.txt\n")
    assert [(file.path, file.summary) for file in patch.files] == [("data.bin", "binary"), ("new.py", "+0 −0")]
    assert patch.unknown == ("notes.txt",) and not patch.cut


def test_a_patch_that_was_cut_says_so() -> None:
    text = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\n+b\n"
    patch = read_patch(f"{text}\n# ... cut after 4,194,304 bytes\n# not in git: y\n")
    assert patch.cut and patch.unknown == ("y",)
    assert [(file.path, file.added, file.removed) for file in patch.files] == [("x", 1, 1)]


@pytest.mark.parametrize("text", ["", "\n", "no patch at all\n"])
def test_no_patch(text: str) -> None:
    assert read_patch(text).files == () and not read_patch(text).cut
