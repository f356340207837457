"""What every test has: no screen, settings and stores of its own, and a look at what it left behind."""

from __future__ import annotations

import os

from tests.screen import PLATFORM

os.environ["QT_QPA_PLATFORM"] = PLATFORM  # before anything imports Qt
# Hundreds of processes are started, each of which would compile all that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import gc
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from runfolio.client.destination import set_tracking_uri
from runfolio.core.settings import FILE_VARIABLE

if TYPE_CHECKING:
    from runfolio.store import Store

# No deadline for an example: how long one takes is the machine's business, and is measured by the benchmarks.
# CI has time for a part of the usual examples.
examples = 30 if os.environ.get("CI") == "true" else 100
hypothesis.settings.register_profile("runfolio", deadline=None, max_examples=examples)
hypothesis.settings.load_profile("runfolio")

QT_FIXTURES = frozenset(["qapp", "qtbot", "qtmodeltester"])


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Keep tests away from the user's stores and preferences, and from each other's."""
    monkeypatch.setenv("RUNFOLIO_STORE", str(tmp_path / "default-store"))
    monkeypatch.setenv("RUNFOLIO_CAPTURE", "0")
    monkeypatch.setenv("RUNFOLIO_EVENTS", "0")
    monkeypatch.setenv("RUNFOLIO_QUEUE", "0")
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "config" / "settings.toml"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for layout in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(layout, QSettings.Scope.UserScope, str(tmp_path / "config"))
    yield
    set_tracking_uri(None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    from runfolio.store import open_store

    opened = open_store(tmp_path / "store")
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def no_leaks(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves threads, windows or running timers behind.

    It is set up first and so torn down last, when all other fixtures have let go of what is theirs.
    """
    if not QT_FIXTURES.intersection(request.fixturenames):
        yield
        return
    application = request.getfixturevalue("qapp")
    threads, windows, timers = set(lasting_threads()), alive_windows(application), running_timers(application)
    gc.freeze()  # all modules and what is in them: to look through that again at each end takes longer than most tests
    yield
    delete_deferred()
    left = [f"thread {thread.name}" for thread in lasting_threads() if thread not in threads]
    left += [f"window {name}" for name in remaining(windows, alive_windows(application))]
    left += [f"timer of {name}" for name in remaining(timers, running_timers(application))]
    assert not left, f"The test left behind: {', '.join(left)}"


def lasting_threads() -> list[threading.Thread]:
    """The threads that would keep the process alive."""
    return [thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()]


def alive_windows(application: QApplication) -> dict[int, str]:
    """Every top-level widget, by identity."""
    return {id(widget): describe(widget) for widget in application.topLevelWidgets()}


def running_timers(application: QApplication) -> dict[int, str]:
    """Every repeating timer that runs and belongs to a widget or to the application, by identity."""
    owners: list[QObject] = [application, *application.topLevelWidgets()]
    timers = {timer for owner in owners for timer in owner.findChildren(QTimer)}
    return {id(timer): describe(timer.parent() or timer) for timer in timers if repeats(timer)}


def repeats(timer: QTimer) -> bool:
    """Whether it goes on by itself."""
    return timer.isActive() and not timer.isSingleShot()


def remaining(before: dict[int, str], after: dict[int, str]) -> list[str]:
    """What is there now and was not before."""
    return [name for key, name in after.items() if key not in before]


def describe(thing: QObject) -> str:
    """A Qt object as a failure names it."""
    return f"{type(thing).__name__} {thing.objectName()!r}".removesuffix(" ''")


def delete_deferred() -> None:
    """Carry out what was asked for with `deleteLater`, and what follows from that."""
    gc.collect()
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        QCoreApplication.processEvents()
