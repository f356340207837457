"""A report of what differs among runs, as Markdown with its pictures beside it and as one page of HTML."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from runfolio.core.difference_table import Cell, DifferenceLine, DifferencePart, as_markdown, cell_text
from runfolio.core.table_texts import Shape, write_table

#: What every run is told by.
FACTS = ("run", "id", "status", "started")
STYLE = """
:root { color-scheme: light dark; --line: #d0d7de; --muted: #656d76; --fill: #fff4dd; --ok: #1a7f37; --bad: #b35900; }
@media (prefers-color-scheme: dark) {
  :root { --line: #30363d; --muted: #8b949e; --fill: #33290f; --ok: #3fb950; --bad: #e0a030; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .25rem .75rem; text-align: left; vertical-align: top; }
td.differs { background: var(--fill); } td.better { color: var(--ok); } td.worse { color: var(--bad); }
tr.part th { padding-top: 1rem; } .muted { color: var(--muted); }
figure { display: inline-block; margin: .5rem 1rem .5rem 0; } img { max-width: 100%; } pre { overflow-x: auto; }
ins, del { text-decoration: none; } ins { color: var(--ok); } del { color: var(--bad); }
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture beside the report: what is written under it, and its file."""

    caption: str
    file: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one row of the differences is laid open to: pictures, lines that differ, or what is said of it."""

    title: str
    figures: tuple[Figure, ...] = ()
    lines: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported.

    Attributes:
        title, made: of what, and when, in words.
        runs: for each run, the texts of `FACTS`; the baseline's first.
        parts: what differs.
        sections: what some of it is laid open to.
    """

    title: str
    made: str
    runs: Sequence[Sequence[str]]
    parts: Sequence[DifferencePart]
    sections: Sequence[Section] = ()

    @property
    def names(self) -> list[str]:
        """The runs' names as headings of columns."""
        first, *others = [facts[0] for facts in self.runs]
        return [f"{first} (baseline)", *others]

    @property
    def doubts(self) -> list[str]:
        """What is not known."""
        return [sentence for part in self.parts for sentence in part.doubts]


# Markdown


def report_markdown(report: Report) -> str:
    """The report with links to its pictures."""
    runs = write_table(Shape.MARKDOWN, FACTS, report.runs, [False] * len(FACTS))
    blocks = [f"# {_plain(report.title)}", _plain(report.made), runs.rstrip("\n")]
    blocks += ["## What differs", as_markdown(report.names, report.parts).rstrip("\n")]
    blocks += [_plain(doubt) for doubt in report.doubts]
    for section in report.sections:
        blocks += _markdown_section(section)
    return "\n\n".join(blocks) + "\n"


def _markdown_section(section: Section) -> Iterator[str]:
    yield f"## {_plain(section.title)}"
    for figure in section.figures:
        yield f"![{_plain(figure.caption)}]({figure.file})"
    if section.lines:
        fence = "`" * max(3, _longest_row(section.lines, "`") + 1)
        yield f"{fence}diff\n{section.lines}\n{fence}"
    if section.note:
        yield _plain(section.note)


def _plain(text: str) -> str:
    """A text in one line, of which nothing is taken for Markdown or HTML."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+!|<>~&" else letter for letter in " ".join(text.split()))


def _longest_row(text: str, letter: str) -> int:
    longest = row = 0
    for one in text:
        row = row + 1 if one == letter else 0
        longest = max(longest, row)
    return longest


# HTML


def report_html(report: Report, pictures: Mapping[str, bytes]) -> str:
    """The report as one page that needs no other file; `pictures` are the contents of PNG files."""
    body = [_tag("h1", report.title), f'<p class="muted">{_escaped(report.made)}</p>']
    body += [_table(FACTS, report.runs), "<h2>What differs</h2>", *_differences(report)]
    body += [f'<p class="muted">{_escaped(doubt)}</p>' for doubt in report.doubts]
    for section in report.sections:
        body += _html_section(section, pictures)
    head = f'<meta charset="utf-8"><title>{_escaped(report.title)}</title><style>{STYLE}</style>'
    return "\n".join(['<!doctype html><html lang="en"><head>' + head + "</head><body>", *body, "</body></html>\n"])


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = "".join(_tag("th", title) for title in titles)
    body = "".join(f"<tr>{''.join(_tag('td', cell) for cell in row)}</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"


def _differences(report: Report) -> Iterator[str]:
    yield f"<table><tr>{''.join(_tag('th', title) for title in ('', *report.names))}</tr>"
    for part in report.parts:
        if part.lines:
            yield f'<tr class="part"><th colspan="{len(report.names) + 1}">{_escaped(part.title)}</th></tr>'
        for line in part.lines:
            yield _html_line(line)
    yield "</table>"


def _html_line(line: DifferenceLine) -> str:
    cells = "".join(f'<td class="{_kind(cell)}">{_escaped(cell_text(cell))}</td>' for cell in line.cells)
    return f'<tr><td class="muted">{_escaped(line.key)}</td>{cells}</tr>'


def _kind(cell: Cell) -> str:
    """How a cell looks; words and signs are in its text."""
    if cell.better is not None:
        return "better" if cell.better else "worse"
    return "differs" if cell.differs else ""


def _html_section(section: Section, pictures: Mapping[str, bytes]) -> Iterator[str]:
    yield _tag("h2", section.title)
    for figure in section.figures:
        data = base64.b64encode(pictures[figure.file]).decode("ascii")
        caption = _escaped(figure.caption)
        picture = f'<img alt="{caption}" src="data:image/png;base64,{data}">'
        yield f'<figure>{picture}<figcaption class="muted">{caption}</figcaption></figure>'
    if section.lines:
        lines = "\n".join(map(_html_diff, section.lines.split("\n")))
        yield f"<pre>{lines}</pre>"
    if section.note:
        yield f'<p class="muted">{_escaped(section.note)}</p>'


def _html_diff(line: str) -> str:
    name = {"+": "ins", "-": "del"}.get(line[:1])
    return _tag(name, line) if name else _escaped(line)


def _tag(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    return html.escape(text)
