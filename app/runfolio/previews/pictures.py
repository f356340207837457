"""Pictures as pixels, decoded where a hostile one can do no harm; large ones are made smaller."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import CannotShow
from runfolio.previews.files import read_whole
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: Of larger pictures, nothing is decoded; what is shown has at most so many pixels on a side.
MOST_PIXELS, MOST_SIDE = 100_000_000, 2048
MOST_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture.

    Attributes:
        width, height: of these pixels.
        data: red, green, blue and opacity of each, a byte each, from the upper left on.
        full_width, full_height: of the picture itself.
    """

    width: int
    height: int
    data: bytes
    full_width: int
    full_height: int


@dataclass(frozen=True, slots=True)
class AskPicture(Question[Pixels]):
    """A picture, no larger than so many pixels on a side."""

    path: str
    most: int = MOST_SIDE

    def answer(self, kept: Kept) -> Pixels:
        """It."""
        return decoded(read_whole(self.path, MOST_BYTES, "A picture"), self.most)


def decoded(data: bytes, most: int = MOST_SIDE) -> Pixels:
    """The first picture of some bytes. Raises CannotShow if it is none, or too large."""
    import PIL.Image

    PIL.Image.MAX_IMAGE_PIXELS = None  # ours is the limit, with a reason that names the size
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged pictures; what cannot be shown raises
            with PIL.Image.open(io.BytesIO(data)) as picture:
                return _pixels(picture, min(most, MOST_SIDE))
    except CannotShow:
        raise
    except PIL.UnidentifiedImageError as error:
        raise CannotShow("This is no picture, or of a kind that is not known.") from error
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError, IndexError, KeyError, EOFError) as error:
        raise CannotShow(f"This picture is damaged: {str(error)[:200]}.") from error


def _pixels(picture: Any, most: int) -> Pixels:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise CannotShow(f"This picture has too many pixels: {width:,} × {height:,}.")
    picture.draft("RGB", (most, most))
    if max(picture.size) > most:
        picture.thumbnail((most, most))
    shown = picture.convert("RGBA")
    return Pixels(shown.width, shown.height, shown.tobytes(), width, height)
