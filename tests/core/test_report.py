"""Reports say what the table says, whatever runs are called, and nothing in a name is taken for a mark."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.difference_table import Cell, DifferenceLine, DifferencePart, Kind
from runfolio.core.report import Figure, Report, Section, report_html, report_markdown

names = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
PICTURES = {"picture-1.png": b"\x89PNG"}


def report_of(name: str, lines: str = "-a\n+b") -> Report:
    part = DifferencePart(
        Kind.PARAMS, (DifferenceLine(name, (Cell("1"), Cell(name, differs=True))),), unread=("Unknown.",)
    )
    sections = (Section(name, (Figure(name, "picture-1.png"),)), Section("x", lines=lines, note=name))
    return Report(f"About {name}", "today", [(name, "id1", "FINISHED", "now"), ("b", "id2", "", "")], [part], sections)


class Reader(HTMLParser):
    """What a browser would see: the tags that are open, and the texts by the innermost of them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[tuple[str, str]] = []
        self.alts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.alts.append(dict(attrs)["alt"] or "")
        elif tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1], data.strip()))


@given(names, names)
def test_html_shows_every_name_as_it_is(name: str, lines: str) -> None:
    seen = Reader(report_html(report_of(name, lines), PICTURES))
    assert not seen.open and seen.alts == [name]
    assert {("h1", f"About {name}"), ("td", name), ("h2", name), ("figcaption", name)} <= set(seen.texts)
    assert "script" not in {tag for tag, _ in seen.texts}
    tag = {"+": "ins", "-": "del"}.get(lines[0], "pre")
    assert (tag, lines) in seen.texts


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a*b*", r"a\*b\*"),
        ("_x_ ~y~", r"\_x\_ \~y\~"),
        ("[text](target)", r"\[text\]\(target\)"),
        ("!{1}", r"\!\{1\}"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("`code`", r"\`code\`"),
        ("a|b", r"a\|b"),
        ("# + a", r"\# \+ a"),
        ("C:\\run", r"C:\\run"),
        ("two\n lines", "two lines"),
        ("plain-name.1 é", "plain-name.1 é"),
    ],
)
def test_markdown_marks_up_nothing_of_a_name(name: str, written: str) -> None:
    text = report_markdown(report_of(name))
    assert text.splitlines()[0] == f"# About {written}" and f"![{written}](picture-1.png)" in text


def test_lines_with_fences_in_them_stay_in_theirs() -> None:
    text = report_markdown(report_of("a", "+```\n+````"))
    assert "`````diff\n+```\n+````\n`````" in text


def test_markdown_reads_well() -> None:
    assert report_markdown(report_of("base")).splitlines() == [
        *("# About base", "", "today", "", "| run | id | status | started |", "| --- | --- | --- | --- |"),
        *("| base | id1 | FINISHED | now |", "| b | id2 |  |  |", "", "## What differs", ""),
        *("|  |  | base (baseline) | b |", "| --- | --- | --- | --- |", "| Parameters | base | 1 | base |", ""),
        *("Unknown.", "", "## base", "", "![base](picture-1.png)", ""),
        *("## x", "", "```diff", "-a", "+b", "```", "", "base"),
    ]
