"""What scripts have written is shown letter by letter; a description opens the web and mail only, and loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QImage, QTextDocument
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from runfolio.core.entities import Artifact
from runfolio.gui.artifacts.model import ArtifactModel
from runfolio.gui.chrome.labels import heading, muted, plain_label, section_label, tool_tip
from runfolio.gui.chrome.message_strip import MessageStrip
from runfolio.gui.history import History
from runfolio.gui.inspector.heading import NameEdit
from runfolio.gui.inspector.note import MOST_LETTERS, Note
from runfolio.gui.inspector.tags import Chip
from runfolio.gui.messages import Message

NAME = "<h1>xx</h1>"


def shown(tip: str) -> str:
    """What a tool tip or a label shows of HTML."""
    document = QTextDocument()
    document.setHtml(tip)
    return document.toPlainText()


@pytest.mark.parametrize("make", [plain_label, heading, muted, section_label])
def test_labels_show_every_letter(qtbot: QtBot, make: object) -> None:
    assert callable(make)
    label = make(NAME)
    qtbot.addWidget(label)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.sizeHint().width() >= label.fontMetrics().horizontalAdvance(label.text())


def test_messages_and_their_details_show_every_letter(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    strip = MessageStrip(window, History(window))
    strip.tell(Message(f"Renamed a to {NAME}", details="x"))
    assert {label.textFormat() for label in strip.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


@pytest.mark.parametrize("text", [NAME, "a & b", "&lt;b&gt;", "two\n  lines", "'\"", "plain"])
def test_tool_tips_show_every_letter(text: str) -> None:
    assert shown(tool_tip(text)) == text


def test_tool_tips_of_data(qtbot: QtBot) -> None:
    name = NameEdit()
    qtbot.addWidget(name)
    name.set_name(1, NAME)
    assert shown(name.toolTip()) == NAME
    chip = Chip("seed", NAME + "&", True)
    qtbot.addWidget(chip)
    assert shown(chip.button.toolTip()) == f"seed = {NAME}&"
    assert chip.button.text() == f"seed={NAME}&&", "a single & would underline the next letter"
    assert {button.toolTip() for button in chip.findChildren(QToolButton)} == {"Remove"}
    model = ArtifactModel()
    model.set_files([Artifact("<i>a.txt", 1, 0)])
    assert shown(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)) == "<i>a.txt\n1 byte"


@pytest.fixture
def note(qtbot: QtBot) -> Note:
    one = Note()
    qtbot.addWidget(one)
    return one


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links that were given to the system."""
    links: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: links.append(QUrl(url).toString()))
    return links


@pytest.mark.parametrize("link", ["http://a.org/x", "https://a.org", "mailto:me@a.org", "HTTPS://a.org"])
def test_links_to_the_web_and_to_mail_open(note: Note, opened: list[str], link: str) -> None:
    note.set_markdown(f"see [this]({link})")
    assert "href" in note.text()
    note.linkActivated.emit(link)
    assert [one.lower() for one in opened] == [link.lower()]


@pytest.mark.parametrize(
    "link",
    ["file:///etc/passwd", "/etc/passwd", "javascript:alert(1)", "smb://host/x", "data:text/html,x", "a.exe"],
)
def test_other_links_are_only_words(note: Note, opened: list[str], link: str) -> None:
    note.set_markdown(f"see [this]({link}) now")
    assert "href" not in note.text() and shown(note.text()) == "see this now"
    note.linkActivated.emit(link)
    assert opened == []


def test_no_picture_is_loaded(qtbot: QtBot, note: Note, tmp_path: Path) -> None:
    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    picture.fill(QColor("red"))
    assert picture.save(str(tmp_path / "x.png"))
    note.set_markdown(f"before ![a chart](file://{tmp_path}/x.png) after <img src='{tmp_path}/x.png'>")
    assert "<img" not in note.text() and "before [a chart] after <img" in shown(note.text())
    note.resize(400, 200)
    assert QColor("red").name() not in colors(note.grab().toImage())


def colors(image: QImage) -> set[str]:
    return {image.pixelColor(x, y).name() for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}


def test_a_description_is_formatted_and_of_readable_length(note: Note) -> None:
    note.set_markdown("The **first** try.\n\n* a\n* b")
    assert "font-weight:" in note.text() and shown(note.text()).split() == ["The", "first", "try.", "a", "b"]
    note.set_markdown("word " * MOST_LETTERS)
    assert len(shown(note.text())) <= MOST_LETTERS
    note.set_markdown("")
    assert note.text() == ""
