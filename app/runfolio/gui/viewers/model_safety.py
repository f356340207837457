"""What the page of a model says of its safety, of the user's trust in it, and of how it fared when it was tried."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow, InvalidValue
from runfolio.core.numbers import full_time
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.chrome.snippet import copy_button
from runfolio.gui.inspector.code_view import CodeView
from runfolio.gui.inspector.rows import Span, TableRow
from runfolio.gui.inspector.rows import muted as row_muted
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.gui.viewers.model_address import elsewhere, uri_of
from runfolio.gui.viewers.pickled import ROLES, WORDS
from runfolio.gui.viewers.safety_questions import AskFingerprint, AskSafety, CodeImport, ModelSafety
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.models.environment.check_result import DIFFERS, PASSED, TAG, CheckResult
from runfolio.models.safety.trust import Trusted, all_trusted
from runfolio.previews.pickle_names import Grade
from runfolio.store import Store
from runfolio.store.runs import get_run

LOOKING = "It is being looked through."
SAFE = "Loading this model cannot run code."
UNSAFE = (
    "Loading this model can run code: a pickle is a program, and so is every model that holds one, or code. "
    "Load it if you know who made it."
)
ABOUT_LOADING = "What a library's own reader makes of a damaged file, nobody can tell."
RESULTS = {
    PASSED: "It works in an environment made of its own files",
    DIFFERS: "It works in an environment made of its own files, but its output is not the stored one",
}
FAILED = "It does not work in an environment made of its own files"
NOT_TRUSTED = (
    "You do not trust it so far: runfolio models check and predict ask before they run it. "
    "To trust exactly these files:"
)
MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of exactly these files of a model; either may be empty.

    Attributes:
        trust: whether the user trusts them.
        command: what would make the user trust them.
        checked: what came of their check.
    """

    trust: str = ""
    command: str = ""
    checked: str = ""


class SafetyPart(QWidget):
    """Whether a model can run code, with what it would import, whether it is trusted, and what came of its check.

    Attributes:
        said, imports, trust, command, checked: these; the command is that which trusts it.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.said, self.trust, self.checked = plain_label(), plain_label(), muted()
        self.imports = TextTable("Code that the model can run", session.theme.color, tight=True)
        self.command = CodeView("Command that trusts the model", MOST_LINES, wraps=True)
        self._copied = QWidget()
        row = QHBoxLayout(self._copied)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.command, 1)
        row.addWidget(copy_button(self.command.toPlainText, "Copy the command that trusts the model"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for label in (self.said, self.trust, self.checked):
            label.setWordWrap(True)
        for widget in (self.said, self.imports, self.trust, self._copied, self.checked):
            layout.addWidget(widget)
        session.theme.theme_changed.connect(self.imports.recolor)

    def begin(self, viewer: Viewer, file: ViewedFile) -> None:
        """Look through the model of a viewer's file, for as long as the viewer shows it."""
        self.said.setText(LOOKING)
        for widget in (self.imports, self.trust, self._copied, self.checked):
            widget.hide()
        viewer.read(partial(self._scan, file), partial(self._show, viewer, file), "safety")

    def _scan(self, file: ViewedFile, job: Job) -> ModelSafety | CannotShow:
        """On a worker. That nothing can be told of its safety leaves the rest of the page."""
        try:
            return self._session.scans.ask(AskSafety(str(file.file)), lambda: job.cancelled)
        except CannotShow as error:
            return error

    def _show(self, viewer: Viewer, file: ViewedFile, found: ModelSafety | CannotShow) -> None:
        if isinstance(found, CannotShow):
            self.said.setText(f"Whether loading this model can run code could not be told: {found}")
        else:
            more = f" {found.left_out:,} more names are not shown." if found.left_out else ""
            self.said.setText(f"{UNSAFE}{more}" if found.can_run_code else f"{SAFE} {ABOUT_LOADING}")
            self.imports.set_rows([_row(place, one) for place, one in enumerate(found.imports)])
            self.imports.setVisible(bool(found.imports))
        asks = isinstance(found, CannotShow) or found.can_run_code
        viewer.read(partial(self._look_up, file, asks), self._show_standing, "standing")

    def _look_up(self, file: ViewedFile, asks_for_trust: bool, job: Job) -> Standing:
        """On a worker. Large models are read to their end for this, so that it comes after the verdict."""
        store, folder = self._session.store, file.path.rpartition("/")[0]
        text = get_run(store, file.run).tags.get(f"{TAG}{folder}")
        if text is None and not asks_for_trust:
            return Standing()
        try:
            mark = self._session.scans.ask(AskFingerprint(str(file.file)), lambda: job.cancelled)
        except CannotShow as error:
            return Standing(f"Whether you trust it, and whether it works, cannot be told: {error}")
        checked = "" if text is None else checked_as(text, mark)
        return Standing(*(trust_in(mark, store, file) if asks_for_trust else ("", "")), checked)

    def _show_standing(self, found: Standing) -> None:
        for label, text in ((self.trust, found.trust), (self.checked, found.checked)):
            label.setText(text)
            label.setVisible(bool(text))
        self.command.show_text(found.command)
        self._copied.setVisible(bool(found.command))


def trust_in(mark: str, store: Store, file: ViewedFile) -> tuple[str, str]:
    """Whether the user trusts the model with this fingerprint, and else the command that would; for workers."""
    try:
        known = next((one for one in all_trusted() if one.fingerprint == mark), None)
    except OSError as error:
        return f"Whether you trust it cannot be told: {error.strerror or error}.", ""
    if known is not None:
        return trusted_as(known), ""
    words = ["runfolio", "models", "trust", uri_of(store, file)]
    if place := elsewhere(store):
        words += ["--store", place]
    return NOT_TRUSTED, shlex.join(words)


def trusted_as(known: Trusted) -> str:
    """Since when, and why."""
    why = "a script of yours made it on this machine" if known.made_here else f"as {known.what}"
    return f"You trust exactly these files since {full_time(known.time)}: {why}."


def checked_as(text: str, mark: str) -> str:
    """What came of a check, as the run's tag tells it, if it was of the model with this fingerprint."""
    try:
        result = CheckResult.from_json(text)
    except InvalidValue as error:
        return f"It was checked, but what came of that cannot be told: {error}"
    return told(result) if result.digest == mark else "Its files are other ones than when it was checked."


def told(result: CheckResult) -> str:
    """What came of a check, in sentences."""
    when = f"Checked {full_time(result.time)}" if result.time else "Checked"
    python = f" (Python {result.python})" if result.python else ""
    why = "" if result.passed else f": {' '.join(filter(None, (result.reason, result.hint)))}".rstrip(": ")
    sentence = f"{when}. {RESULTS.get(result.result, FAILED)}{python}{why}"
    return sentence if sentence.endswith(".") else f"{sentence}."


def _row(place: int, one: CodeImport) -> TableRow:
    """The file, and what it imports: names are long, and say most in their last part."""
    role, words = ROLES[Grade(one.grade)], WORDS[Grade(one.grade)]
    spans: tuple[Span, ...] = ((role, f"{one.name}  "), ("muted", words))
    return TableRow(f"{place} {one.name}", row_muted(one.where), lambda: spans, full=lambda: f"{one.name}: {words}")
