"""What the page of a model says of its safety, and of how it fared when it was tried."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.core.errors import CannotShow, InvalidValue
from runfolio.core.numbers import full_time
from runfolio.gui.chrome.labels import muted, plain_label
from runfolio.gui.inspector.rows import TableRow
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.jobs import Job
from runfolio.gui.session import Session
from runfolio.gui.viewers.aside import ask_aside
from runfolio.gui.viewers.pickled import ROLES, WORDS
from runfolio.gui.viewers.safety_questions import AskFingerprint, AskSafety, CodeImport, ModelSafety
from runfolio.gui.viewers.viewer import ViewedFile, Viewer
from runfolio.models.environment.check_result import DIFFERS, PASSED, TAG, CheckResult
from runfolio.previews.pickle_names import Grade
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


class SafetyPart(QWidget):
    """Whether a model can run code, with what it would import, and what came of its check.

    Attributes:
        said, imports, checked: these.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs: list[Job] = []
        self.said, self.checked = plain_label(), muted()
        self.imports = TextTable("Code that the model can run", session.theme.color, tight=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for label in (self.said, self.checked):
            label.setWordWrap(True)
        for widget in (self.said, self.imports, self.checked):
            layout.addWidget(widget)
        session.theme.theme_changed.connect(self.imports.recolor)

    def begin(self, viewer: Viewer, file: ViewedFile) -> None:
        """Look through the model of a viewer's file."""
        self.said.setText(LOOKING)
        self.imports.hide()
        self.checked.hide()
        self._jobs = [
            ask_aside(viewer, AskSafety(str(file.file)), self._show, "safety"),
            viewer.read(partial(self._check, file), self._show_check, "check"),
        ]

    def leave(self) -> None:
        """Nobody looks any more: a large model is not looked through to its end."""
        for job in self._jobs:
            job.cancel()
        self._jobs = []

    def _show(self, found: ModelSafety | CannotShow) -> None:
        if isinstance(found, CannotShow):
            self.said.setText(f"Whether loading this model can run code could not be told: {found}")
            return
        more = f" {found.left_out:,} more names are not shown." if found.left_out else ""
        self.said.setText(f"{UNSAFE}{more}" if found.can_run_code else f"{SAFE} {ABOUT_LOADING}")
        self.imports.set_rows([_row(place, one) for place, one in enumerate(found.imports)])
        self.imports.setVisible(bool(found.imports))

    def _check(self, file: ViewedFile, job: Job) -> str:
        """On a worker: the result that is kept with the run, if it is about the model as it is now."""
        folder = file.path.rpartition("/")[0]
        text = get_run(self._session.store, file.run).tags.get(f"{TAG}{folder}")
        if text is None:
            return ""
        try:
            result = CheckResult.from_json(text)
            now = self._session.previews.ask(AskFingerprint(str(file.file)), lambda: job.cancelled)
        except (InvalidValue, CannotShow) as error:
            return f"It was checked, but what came of that cannot be told: {error}"
        return told(result) if result.digest == now else "Its files are other ones than when it was checked."

    def _show_check(self, text: str) -> None:
        self.checked.setText(text)
        self.checked.setVisible(bool(text))


def told(result: CheckResult) -> str:
    """What came of a check, in sentences."""
    when = f"Checked {full_time(result.time)}" if result.time else "Checked"
    python = f" (Python {result.python})" if result.python else ""
    why = "" if result.passed else f": {' '.join(filter(None, (result.reason, result.hint)))}".rstrip(": ")
    sentence = f"{when}. {RESULTS.get(result.result, FAILED)}{python}{why}"
    return sentence if sentence.endswith(".") else f"{sentence}."


def _row(place: int, one: CodeImport) -> TableRow:
    grade = Grade(one.grade)
    words = f"{WORDS[grade]}, in {one.where}"
    return TableRow(f"{place} {one.name}", (ROLES[grade], one.name), lambda: (("muted", words),), full=lambda: words)
