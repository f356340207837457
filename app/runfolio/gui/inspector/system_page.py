"""The page about the machine of a run: Python, host, processor, graphics; its load; the packages that were there."""

from __future__ import annotations

from typing import Any

from runfolio.core import captured as names
from runfolio.core import numbers
from runfolio.core.ordering import natural
from runfolio.core.packages import Lock, read_lock
from runfolio.core.system_tags import is_system_metric
from runfolio.gui.inspector import facts
from runfolio.gui.inspector.facts import Details
from runfolio.gui.inspector.memory import Memory
from runfolio.gui.inspector.pages import Page, Reader
from runfolio.gui.inspector.rows import simple
from runfolio.gui.inspector.section import Section, search_box
from runfolio.gui.inspector.sparks import Sparks
from runfolio.gui.inspector.text_table import TextTable
from runfolio.gui.session import Session
from runfolio.store import Store
from runfolio.store.captured import captured_text

TITLES = {
    names.PYTHON: "Python",
    names.HOST: "host",
    names.SYSTEM: "system",
    names.PROCESSOR: "processor",
    names.MEMORY: "memory",
    names.GRAPHICS: "graphics",
}


def read_packages(store: Store, details: Details) -> Lock | None:
    """The packages of a run; None where they were not captured."""
    found = captured_text(store, details.run, names.PACKAGES) if details.has(names.PACKAGES) else None
    return None if found is None else read_lock(found.text)


class SystemPage(Page):
    """Machine, load and packages."""

    title = "System"

    def __init__(self, session: Session, memory: Memory, sparks: Sparks) -> None:
        super().__init__(session, memory, sparks)
        color = session.theme.color
        self.machine = TextTable("Machine", color)
        self.load = TextTable("Load of the machine", color, sparks)
        self.packages = TextTable("Packages", color)
        self.search = search_box("packages")
        self.search.textChanged.connect(self.packages.set_words)
        self.sections = {
            "machine": Section("Machine", self.machine, memory),
            "load": Section("Load", self.load, memory),
            "packages": Section("Packages", self.packages, memory, tools=(self.search,)),
        }
        self.sections["packages"].toggled.connect(self.search.setVisible)
        self.search.setVisible(self.sections["packages"].is_open)
        self.place([*self.sections.values()])

    @staticmethod
    def applies(details: Details) -> bool:
        """With anything captured of the machine."""
        found = bool(facts.tag_rows(details.run, TITLES)) or details.has(names.PACKAGES)
        return found or any(map(is_system_metric, details.run.metrics))

    def reader(self) -> Reader:
        """The packages."""
        return read_packages

    def show_run(self, details: Details, found: Any) -> None:
        """Show a run."""
        packages = found.packages if isinstance(found, Lock) else {}
        self.packages.set_rows([simple(name, packages[name]) for name in sorted(packages, key=natural)])
        self.sections["packages"].set_title("Packages", numbers.count(len(packages)))
        self.sections["packages"].setVisible(bool(packages))
        self.update_run(details)

    def update_run(self, details: Details) -> None:
        """Machine and load."""
        self.machine.set_rows(facts.tag_rows(details.run, TITLES))
        self.load.set_rows(facts.load_rows(details.run))
        self.sections["machine"].setVisible(self.machine.rows.rowCount() > 0)
        self.sections["load"].setVisible(self.load.rows.rowCount() > 0)
