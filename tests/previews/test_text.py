"""Texts are read in windows of lines that are those of the whole text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.previews import line_index, text
from runfolio.previews.encodings import encoding_of, is_binary
from runfolio.previews.hexed import AskBytes, AskSize, FindBytes
from runfolio.previews.kept import Kept
from runfolio.previews.text import AskLines, AskText, FindText, Text


def counted(path: Path) -> Text:
    """A text whose lines are all counted."""
    opened = Text(str(path))
    while not opened.counting.over:
        opened.counting.go_on()
    return opened


def lines_of(opened: Text) -> list[str]:
    return list(opened.window(0, opened.index.lines).lines)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("texts")


LINE = st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=12)


@given(
    lines=st.lists(
        st.text(st.characters(exclude_characters="\n\r", exclude_categories=["Cs"]), max_size=12), max_size=40
    ),
    stop=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    ends=st.booleans(),
    piece=st.sampled_from([4, 16, 64]),
)
def test_lines_are_those_of_the_text(
    folder: Path, lines: list[str], stop: str, encoding: str, ends: bool, piece: int
) -> None:
    content = stop.join(lines) + (stop if ends and lines else "")
    path = folder / "a.txt"
    path.write_bytes(content.encode(encoding))
    before = line_index.PIECE
    line_index.PIECE = piece
    try:
        opened = counted(path)
        found = lines_of(opened)
        opened.close()
    finally:
        line_index.PIECE = before
    expected = content.split(stop)
    if not expected[-1]:
        expected.pop()
    if encoding_of(content.encode(encoding)).name.startswith(encoding[:5]) and "\0" not in content:
        assert found == expected


@pytest.mark.parametrize(
    ("data", "title", "shown"),
    [
        ("größer\n".encode(), "UTF-8", "größer"),
        ("größer\n".encode("latin-1"), "Latin-1", "größer"),
        ("größer\n".encode("utf-16"), "UTF-16-LE", "größer"),
        ("a longer text in letters\n".encode("utf-16-be"), "UTF-16-BE", "a longer text in letters"),
        ("größer Ärger über".encode() + b"\xff\n", "UTF-8", "größer Ärger über\N{REPLACEMENT CHARACTER}"),
        (b"one\rtwo\r", "UTF-8", "one"),
    ],
)
def test_the_encoding_is_told_by_the_bytes(tmp_path: Path, data: bytes, title: str, shown: str) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    opened = counted(tmp_path / "a.txt")
    assert opened.facts().encoding == title
    assert lines_of(opened)[0] == shown
    opened.close()


def test_what_has_zeros_is_no_text() -> None:
    assert is_binary(b"\x89PNG\0\0\0\rIHDR")
    assert not is_binary("text\n".encode("utf-16-le"))
    assert not is_binary(b"text")


def test_long_lines_are_cut_and_told(tmp_path: Path, kept: Kept) -> None:
    (tmp_path / "a.txt").write_text("short\n" + "x" * 50_000 + "\nlast")
    window = AskLines(str(tmp_path / "a.txt"), 0, 10).answer(kept)
    assert [len(line) for line in window.lines] == [5, text.LONGEST_LINE, 4]
    assert window.cut == (1,)


def test_lines_are_counted_while_one_reads(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.txt"
    path.write_text("".join(f"line {number}\n" for number in range(300_000)))
    first = AskText(str(path), 0.0).answer(kept)
    assert not first.complete and 0 < first.lines < 300_000 and 0 < first.share < 1
    assert AskLines(str(path), 1000, 2).answer(kept).lines == ("line 1000", "line 1001")
    while not (facts := AskText(str(path)).answer(kept)).complete:
        pass
    assert facts.lines == 300_000
    assert AskLines(str(path), 299_998, 10).answer(kept).lines == ("line 299998", "line 299999")


def test_words_are_found_in_both_directions(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.txt"
    path.write_text("".join(f"Line {number}\n" for number in range(1000)))
    assert FindText(str(path), "line 77", 0).answer(kept) == (77, True)
    assert FindText(str(path), "line 77", 78).answer(kept) == (770, True)
    assert FindText(str(path), "LINE 77", 769, backwards=True).answer(kept) == (77, True)
    assert FindText(str(path), "nothing", 0).answer(kept) == (-1, False)


def test_bytes_are_read_and_found_anywhere(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(bytes(range(256)) * 10)
    assert AskSize(str(path)).answer(kept) == 2560
    assert AskBytes(str(path), 254, 4).answer(kept) == b"\xfe\xff\0\1"
    assert AskBytes(str(path), 10**19, 4).answer(kept) == b""
    assert FindBytes(str(path), b"\xff\0", 256).answer(kept) == (511, True)
    assert FindBytes(str(path), b"\0\0", 0).answer(kept) == (-1, False)


def test_a_log_is_shown_as_a_terminal_shows_it(tmp_path: Path) -> None:
    data = b"\x1b[32mgood\x1b[0m\r\n  0%|  |\r 50%|# |\r100%|##|\nabc\rX\nlast\b\b\b\bl"
    (tmp_path / "a.log").write_bytes(data)
    (tmp_path / "a.txt").write_bytes(data)
    logged, plain = counted(tmp_path / "a.log"), counted(tmp_path / "a.txt")
    assert lines_of(logged) == ["good", "100%|##|", "Xbc", "last"]
    assert lines_of(plain)[2] == "abc\rX"
    for one in (logged, plain):
        one.close()
