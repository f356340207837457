"""The tabs of the registry's page: a new one is a module with a `RegistryTab`, and a line of `TABS`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from runfolio.gui.session import Session


class RegistryTab(QWidget):
    """A part of the page; made when it is first shown.

    It follows the store by itself (`Session.changed`, `Changes.registry`), and selects versions by `session.registry`.
    """

    @abstractmethod
    def show_model(self, name: str) -> None:
        """Show a registered model, which may be gone by now."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A line of the bar.

    Attributes:
        title: what it is called there.
        command: the command that goes there.
        make: makes what is shown; its module is loaded no sooner.
    """

    title: str
    command: str
    make: Callable[[Session], RegistryTab]

    @property
    def id(self) -> str:
        """A stable name for it."""
        return self.title.split()[0].lower()


def _board(session: Session) -> RegistryTab:
    from runfolio.gui.registry.board import Board

    return Board(session)


def _versions(session: Session) -> RegistryTab:
    from runfolio.gui.registry.versions.tab import VersionsTab

    return VersionsTab(session)


def _lineage(session: Session) -> RegistryTab:
    from runfolio.gui.registry.lineage.tab import LineageTab

    return LineageTab(session)


def _gates(session: Session) -> RegistryTab:
    from runfolio.gui.registry.gates.tab import GatesTab

    return GatesTab(session)


def _audit(session: Session) -> RegistryTab:
    from runfolio.gui.registry.audit.tab import AuditTab

    return AuditTab(session)


TABS = (
    Tab("Board", "Go to the Board", _board),
    Tab("Versions", "Go to the Versions", _versions),
    Tab("Lineage", "Go to the Lineage", _lineage),
    Tab("Audit log", "Go to the Audit Log", _audit),
    Tab("Gates", "Go to the Gates", _gates),
)
