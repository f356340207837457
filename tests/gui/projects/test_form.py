"""The form of an entry point: what it shows, what it gives, and what it says is wrong."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from runfolio.core.projects.records import Kind, Parameter
from runfolio.core.projects.request import EnvManager, Needs, RunRequest
from runfolio.gui.main_window import MainWindow
from runfolio.gui.projects.commanding import command_line
from runfolio.gui.projects.form.fields import ChoiceField, PathField, SwitchField, described, field_for
from runfolio.store import Store
from runfolio.store.queue.reading import waiting_jobs
from tests.gui.projects.conftest import form_of, show
from tests.gui.seen import control, said


def test_the_form_is_drawn_from_the_entry_point(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    assert page.heading.title.text() == "wine"
    assert [page.tabs.tabText(at) for at in range(page.tabs.count())] == ["main", "evaluate"]
    rows = form.parameters.rows
    assert list(rows) == ["data", "lr", "epochs", "optimizer", "shuffle", "target"]
    kinds = [type(rows[name].field) for name in ("data", "optimizer", "shuffle")]
    assert kinds == [PathField, ChoiceField, SwitchField]
    told = said(form)
    assert "data *" in told and "float · 0 to 1 · by default 0.01 · Learning rate" in told
    assert control(form, QLineEdit, "lr").text() == "0.01"
    assert form.parameters.given() == {}


def test_all_faults_are_told_beside_their_fields(qtbot: QtBot, window: MainWindow, project: Path, store: Store) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    rows = form.parameters.rows
    assert not rows["data"].trouble.isVisible()  # nobody has typed yet
    control(form, QLineEdit, "lr").setText("2")
    control(form, QLineEdit, "epochs").setText("many")
    form_of(qtbot, page)
    assert rows["lr"].trouble.text() == "lr: 2 is more than 1."
    assert "no whole number" in rows["epochs"].trouble.text()
    qtbot.mouseClick(page.run_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: rows["data"].trouble.isVisible())
    assert "missing" in rows["data"].trouble.text()
    assert QApplication.focusWidget() is control(form, QLineEdit, "data")
    assert waiting_jobs(store, 9) == []


def test_a_path_that_is_not_there_is_told(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    field = control(form, QLineEdit, "data")
    field.setText("cellar")
    qtbot.waitUntil(lambda: "no file or folder" in form.parameters.rows["data"].trouble.text())
    field.setText("bottles")
    qtbot.waitUntil(lambda: form.parameters.rows["data"].trouble.isHidden())


def test_the_command_is_shown_as_one_would_type_it(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    shown = control(form, QLabel, "Command")
    assert shown.text().startswith("python train.py --data {data}")
    control(form, QLineEdit, "data").setText("bottles")
    control(form, QLineEdit, "target").setText("s3://a b")
    form_of(qtbot, page)
    where = project / "bottles"
    qtbot.waitUntil(
        lambda: shown.text() == f"python train.py --data {where} --lr 0.01 --epochs 10 adam True 's3://a b'"
    )
    control(form, QPushButton, "Copy the command line").click()
    copied = QGuiApplication.clipboard().text()
    assert copied == f"runfolio run {project} -e main -P data=bottles -P 'target=s3://a b'"


def test_a_default_is_put_back(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    form = form_of(qtbot, show(qtbot, window, project))
    row = form.parameters.rows["lr"]
    assert not row.reset.isVisible()
    control(form, QLineEdit, "lr").setText("0.5")
    assert form.parameters.given() == {"lr": "0.5"}
    row.reset.click()
    assert form.parameters.given() == {} and not row.reset.isVisible()


def test_undeclared_parameters_have_lines_of_their_own(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    form.parameters.add.click()
    (extra,) = form.parameters.extra
    assert extra.key.hasFocus()
    qtbot.keyClicks(extra.key, "seed")
    qtbot.keyClicks(extra.value, "0; ls")
    control(form, QLineEdit, "data").setText("bottles")
    qtbot.waitUntil(lambda: form.checked.command.endswith("--seed '0; ls'"))
    extra.key.setText("lrr")
    qtbot.waitUntil(lambda: "did you mean 'lr'" in extra.trouble.text())
    extra.remove.click()
    assert form.parameters.given() == {"data": "bottles"}


def test_what_was_filled_in_stays_when_one_goes_away(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    page = show(qtbot, window, project)
    form = form_of(qtbot, page)
    control(form, QLineEdit, "lr").setText("0.2")
    form.options.experiment.setText("cellar")
    page.tabs.setCurrentIndex(1)
    other = project.parent / "other"
    other.mkdir()
    (other / "run.py").write_text("print()")
    assert [page.tabs.tabText(0)] == ["main"] and show(qtbot, window, other).tabs.tabText(0) == "run.py"
    page = show(qtbot, window, project)
    assert page.tabs.currentIndex() == 1
    page.tabs.setCurrentIndex(0)
    again = form_of(qtbot, page)
    assert again.parameters.given() == {"lr": "0.2"} and again.options.experiment.text() == "cellar"


def test_options_make_the_request(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    form = form_of(qtbot, show(qtbot, window, project))
    options = form.options
    asked = RunRequest(
        str(project), "main", {"lr": "0.1"}, "", "cellar", "first", EnvManager.VENV, 90.0, 2, Needs(2.5, 4.0, 1)
    )
    form.fill(asked)
    assert form.request() == asked
    assert options.version.isHidden()  # it is in no repository
    options.experiment.setText("a/")
    assert options.problem
    line = command_line(asked)
    assert line.startswith("runfolio run") and "--env-manager venv --timeout 90 --retries 2" in line


@pytest.mark.parametrize("default", ["True", "no", "1"])
def test_a_switch_writes_as_its_default_does(qtbot: QtBot, default: str) -> None:
    field = field_for(Parameter("shuffle", Kind.BOOL, default))
    qtbot.addWidget(field)
    assert isinstance(field, SwitchField) and field.value() is None
    field.box.click()
    assert field.value() == {"True": "False", "no": "yes", "1": "0"}[default]


def test_a_switch_that_must_be_given_is_neither_at_first(qtbot: QtBot) -> None:
    field = field_for(Parameter("shuffle", Kind.BOOL))
    qtbot.addWidget(field)
    assert isinstance(field, SwitchField) and field.value() is None and field.box.text() == "not chosen"
    field.box.click()
    assert field.value() in ("true", "false")
    field.set_value("perhaps")
    assert field.value() == "perhaps"  # of another time; that it is wrong is told


def test_what_a_value_must_be_is_said_in_words() -> None:
    assert described(Parameter("n", Kind.INT, None, 1, None)) == "int · 1 or more"
    assert described(Parameter("n", Kind.FLOAT, "1", None, 2.5)) == "float · 2.5 or less · by default 1"
    assert described(Parameter("s", Kind.STRING, "")) == "string · by default empty"


def test_a_version_is_asked_for_in_a_repository(qtbot: QtBot, window: MainWindow, project: Path) -> None:
    git(project, "init", "-q", "-b", "main")
    commit(project, "first")
    (project / "MLproject").write_text("entry_points: {later: {command: ls}}")
    page = show(qtbot, window, project)
    assert [page.tabs.tabText(at) for at in range(page.tabs.count())] == ["later"]
    assert "on main" in page.heading.summary.text() and "not committed" in page.heading.summary.text()
    form = form_of(qtbot, page)
    form.options.version.setFocus()
    qtbot.keyClicks(form.options.version, "main")
    qtbot.keyClick(form.options.version, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.tabs.count() == 2, timeout=10_000)
    assert form_of(qtbot, page).request().version == "main"


def git(folder: Path, *words: str) -> None:
    """Have git do something in a folder."""
    name = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", str(folder), *name, *words], check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    """Commit all that is there."""
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)
