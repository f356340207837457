"""A picture of the window, made by the program as users start it: what it leaves on the disk and on the terminal."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import qInstallMessageHandler, qWarning
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from runfolio.gui.pictures import without_noise
from runfolio.store import Store

PICTURE = """
import sys
from pathlib import Path
from runfolio.gui.app import screenshot
screenshot(sys.argv[1], Path(sys.argv[2]), size=(900, 600))
"""


def test_a_picture_is_made_without_a_word_on_the_terminal(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "window.png"
    command = [sys.executable, "-c", PICTURE, str(store.path), str(file)]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (900, 600)


def test_whatever_else_qt_says_is_passed_on(qtbot: QtBot) -> None:
    said: list[str] = []
    before = qInstallMessageHandler(lambda kind, context, text: said.append(text))
    try:
        with without_noise():
            qWarning("This plugin does not support propagateSizeHints()")
            qWarning("something else")
        qWarning("afterwards")
    finally:
        qInstallMessageHandler(before)
    assert said == ["something else", "afterwards"]


def test_without_another_handler_it_is_on_the_terminal() -> None:
    code = (
        "from PySide6.QtCore import qWarning; from runfolio.gui.pictures import without_noise\n"
        "with without_noise(): qWarning('This plugin does not support x'); qWarning('something else')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == "something else\n"
