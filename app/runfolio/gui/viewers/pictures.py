"""Pictures."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from runfolio.gui.inspector.preview import Preview, read_preview
from runfolio.gui.inspector.preview_pane import Picture
from runfolio.gui.session import Session
from runfolio.gui.viewers.viewer import ViewedFile, Viewer


class PictureViewer(Viewer):
    """A picture, as large as there is room."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.picture = Picture(session.theme)
        layout = QVBoxLayout(self)
        layout.addWidget(self.picture)

    def show_file(self, file: ViewedFile) -> None:
        """Read it."""
        store = self.session.store
        self.read(lambda _job: read_preview(store, file.run, file.path, {}), self._show)

    def _show(self, found: Preview) -> None:
        if found.image is not None and found.full_size is not None:
            self.picture.set_image(found.image, found.path)
            self.told.emit(f"{found.full_size.width()} × {found.full_size.height()}")
