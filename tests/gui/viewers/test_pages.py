"""Markdown, web pages, figures, and what is said where a viewer is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from runfolio.core.errors import CannotShow
from runfolio.gui.session import Session
from runfolio.gui.viewers import plotly
from runfolio.gui.viewers.markdown import MarkdownViewer, Sheet
from runfolio.gui.viewers.markdown_questions import nesting
from runfolio.gui.viewers.plotly import PlotlyViewer
from runfolio.gui.viewers.plotly_questions import AskFigure
from runfolio.gui.viewers.registry import VIEWERS, ViewerKind, kinds_of, missing_for
from runfolio.gui.viewers.stage import Stage
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.gui.viewers.web_page import WebPageViewer
from runfolio.previews.kept import Kept
from tests.gui.viewers.conftest import Look, Refused, Show
from tests.gui.viewers.pictures import picture

FIGURE = json.dumps({"data": [{"type": "bar", "y": [1]}], "layout": {"title": {"text": "</script><b>"}}}).encode()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to the browser."""
    found: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: found.append(QUrl(url).toString()))
    return found


def test_markdown_is_a_page_without_pictures_and_html(show: Show, opened: list[str]) -> None:
    text = "# Title\n\n*words* <script>x</script> ![alt](https://example.org/x.png) [a](file:///etc/passwd)\n"
    viewer = show("notes.md", text.encode())
    assert isinstance(viewer, MarkdownViewer)
    shown = viewer.page.toPlainText()
    assert shown.startswith("Title\nwords") and "[alt]" in shown and "￼" not in shown
    assert "file:" not in viewer.page.toHtml() and "example.org" not in viewer.page.toHtml()
    viewer.page.anchorClicked.emit(QUrl("file:///etc/passwd"))
    viewer.page.anchorClicked.emit(QUrl("https://example.org/"))
    assert opened == ["https://example.org/"]


def test_a_page_loads_nothing(qtbot: QtBot) -> None:
    sheet = Sheet()
    qtbot.addWidget(sheet)
    assert sheet.loadResource(2, QUrl("https://example.org/x.png")) is None


@pytest.mark.parametrize("text", [b">" * 50_000 + b" x", b"- " * 20_000 + b"x", b"[" * 100_000, b"*a " * 60_000])
def test_a_hostile_text_is_shown_or_refused_and_the_next_one_shown(
    qtbot: QtBot, stage: Stage, look: Look, show: Show, text: bytes
) -> None:
    stage.show_file(look("a.md", text))
    viewer = stage.viewer
    assert viewer is not None
    answers: list[object] = []
    viewer.told.connect(answers.append)
    viewer.refused.connect(answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=30_000)
    assert isinstance(show("b.md", b"# fine"), MarkdownViewer)


def test_nesting_is_how_deep_lists_and_quotations_are() -> None:
    assert nesting("<ul><li><ul><li>a</li></ul></li></ul><p>") == 2 and nesting("text") == 0


def test_html_is_its_source_and_opened_on_request_only(qtbot: QtBot, show: Show, opened: list[str]) -> None:
    viewer = show("report.html", b"<html><script>alert(1)</script></html>\n")
    assert isinstance(viewer, WebPageViewer)
    qtbot.waitUntil(lambda: viewer.view.line(0) == "<html><script>alert(1)</script></html>")
    assert opened == []
    viewer.browse.click()
    assert len(opened) == 1 and opened[0].endswith("report.html")


@pytest.mark.parametrize("near", ["file:///lib/plotly.min.js", ""])
def test_a_figure_is_drawn_by_the_browser_and_it_is_said_before_if_that_takes_the_net(
    qtbot: QtBot, show: Show, opened: list[str], monkeypatch: pytest.MonkeyPatch, near: str
) -> None:
    monkeypatch.setattr(plotly, "near_script", lambda: near)
    viewer = show("figure.json", FIGURE)
    assert isinstance(viewer, PlotlyViewer)
    assert ("cdn.plot.ly" in viewer.browse.text()) is not bool(near) and opened == []
    viewer.browse.click()
    qtbot.waitUntil(lambda: len(opened) == 1)
    page = Path(QUrl(opened[0]).toLocalFile()).read_text()
    assert "Plotly.newPlot" in page and "</script><b>" not in page and "\\u003c/script>" in page
    assert f'src="{near or plotly.FAR}"' in page and ("https://" in page) is not bool(near)


@pytest.mark.parametrize("data", [b"{", b"[]", b'{"data": 1}', b"[" * 100_000])
def test_what_is_no_figure_is_not_drawn(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "figure.json").write_bytes(data)
    with pytest.raises(CannotShow):
        AskFigure(str(tmp_path / "figure.json")).answer(Kept())


# Which viewer


def file(path: str, head: bytes = b"words\n", media_type: str = "") -> ViewedFile:
    return ViewedFile(1, path, Path(path), len(head), head=head, media_type=media_type)


@pytest.mark.parametrize(
    ("viewed", "title"),
    [
        (file("model/MLmodel"), "Model"),
        (file("images/a+step+1+timestamp+1+0a.png", picture()), "Series"),
        (file("epoch 3.png", picture()), "Picture"),
        (file("notes.md"), "Page"),
        (file("report.html"), "Source"),
        (file("figure.json", FIGURE), "Plotly figure"),
        (file("train.py"), "Text"),
        (file("without an ending"), "Text"),
    ],
)
def test_each_file_has_the_viewer_that_is_for_it(viewed: ViewedFile, title: str) -> None:
    assert kinds_of(viewed)[0].title == title


def test_what_a_file_begins_with_is_surer_than_its_ending() -> None:
    packed = ViewerKind("Packed", "a:A", "zip", heads=(b"PK",))
    table = ViewerKind("Table", "b:B", "csv")
    assert kinds_of(file("a.csv", b"PK\3\4"), [table, packed])[0] is table
    assert [kind.title for kind in kinds_of(file("a.bin", b"PK\3\4"), [table, packed])] == ["Packed"]
    assert kinds_of(file("a.zip", b"words"), [packed])[0].rank(file("a.zip", b"words")) == 2


def test_a_viewer_that_lacks_its_module_is_not_offered_but_told_of(qtbot: QtBot, session: Session) -> None:
    lacking = ViewerKind("Document", "a:A", "pdf", needs="a_module_that_nobody_has", lacking="Install it.")
    pdf = file("a.pdf", b"%PDF-1.4")
    assert kinds_of(pdf, [lacking]) == [] and missing_for(pdf, [lacking]) is lacking
    assert missing_for(file("a.txt"), [lacking]) is None


def test_a_viewer_that_cannot_be_loaded_says_why(
    qtbot: QtBot, stage: Stage, look: Look, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_kind: ViewerKind) -> type[Viewer]:
        raise ImportError("libpulse.so.0: no such file")

    monkeypatch.setattr(ViewerKind, "load", load)
    stage.show_file(look("a.txt", b"words"))
    assert stage.viewer is None and "libpulse" in stage.nothing.reason.text()


def test_every_viewer_can_be_made(qtbot: QtBot, session: Session) -> None:
    for kind in VIEWERS:
        assert kind.lacking or not kind.needs
        if not kind.needs:
            viewer = kind.load()(session)
            qtbot.addWidget(viewer)
            viewer.leave()


def test_an_empty_page_says_so(refused: Refused) -> None:
    assert "empty" in refused("a.md", b"")
