"""Which viewers there are, and which of them show a file. A new viewer is its module, and its entry in `VIEWERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from runfolio.core.picture_series import SUFFIXES
from runfolio.gui.viewers.viewer import ViewedFile, Viewer


@dataclass(frozen=True, slots=True)
class ViewerKind:
    """One viewer, and what it is for.

    Attributes:
        title: what the user chooses it by.
        maker: its module in this package and its class, with a colon between; loaded when it is first wanted.
        endings: of the names of its files, with blanks between.
        names: whole names of files, with blanks between.
        media: how the media types of its files begin.
        heads: what its files begin with; a file of this ending that begins otherwise is rather something else.
        fits: what a file must be besides.
        anything: True if it can show any file, when nothing better can.
        needs: a module without which there is no such viewer; empty for none.
        lacking: what to do where that module is missing.
    """

    title: str
    maker: str
    endings: str = ""
    names: str = ""
    media: tuple[str, ...] = ()
    heads: tuple[bytes, ...] = ()
    fits: Callable[[ViewedFile], bool] = lambda _file: True
    anything: bool = False
    needs: str = ""
    lacking: str = ""

    @property
    def there(self) -> bool:
        """Whether what it needs is installed."""
        return not self.needs or _installed(self.needs)

    def rank(self, file: ViewedFile) -> int:
        """How surely it is for this file; 0 if it is not.

        What has its name from the format comes first. What a file begins with is surer than its ending, but an ending
        tells archives apart that begin alike: most sure is both.
        """
        if not self.fits(file):
            return 0
        named = file.ending in self.endings.split() or (self.media and file.media_type.startswith(self.media))
        begun = file.head.startswith(self.heads) if self.heads else bool(named)
        if file.name in self.names.split():
            return 5
        if named and begun:
            return 4
        return 3 if begun else 2 if named else 1 if self.anything else 0

    def load(self) -> type[Viewer]:
        """The class of the viewer."""
        module, _, name = self.maker.partition(":")
        return cast(type[Viewer], getattr(import_module(f"runfolio.gui.viewers.{module}"), name))


#: Of those that are for a file equally, the first comes first.
VIEWERS: tuple[ViewerKind, ...] = (
    ViewerKind("Picture", "pictures:PictureViewer", " ".join(SUFFIXES), media=("image/",)),
)


def kinds_of(file: ViewedFile, viewers: Iterable[ViewerKind] = VIEWERS) -> list[ViewerKind]:
    """The viewers that are for a file and can be had here, the best one first."""
    ranked = [(kind.rank(file), kind) for kind in viewers if kind.there]
    return [kind for rank, kind in sorted(ranked, key=lambda one: -one[0]) if rank]


def missing_for(file: ViewedFile, viewers: Iterable[ViewerKind] = VIEWERS) -> ViewerKind | None:
    """The viewer that would be for a file if what it needs were installed."""
    return next((kind for kind in viewers if not kind.there and kind.rank(file) > 1), None)


@cache
def _installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:  # the package around it is missing
        return False
