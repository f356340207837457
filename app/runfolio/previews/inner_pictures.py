"""Pictures that stand inside other files, such as a notebook's outputs, as pixels; large ones are made smaller.

Files that are pictures are read by Qt (`gui/viewers/picture_questions.py`): with their frames, their depth, and drawn
from lines. Who reads a notebook knows no Qt, and has bytes of a few kinds that Pillow reads as well.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import Any

from runfolio.core.errors import CannotShow

#: Of larger pictures, nothing is decoded; what is shown has at most so many pixels on a side.
MOST_PIXELS, MOST_SIDE = 100_000_000, 2048


@dataclass(frozen=True, slots=True)
class InnerPicture:
    """A picture.

    Attributes:
        width, height: of these pixels.
        data: red, green, blue and opacity of each, a byte each, from the upper left on.
    """

    width: int
    height: int
    data: bytes


def decoded(data: bytes, most: int = MOST_SIDE) -> InnerPicture:
    """The first picture of some bytes, no larger than `most` pixels on a side. Raises CannotShow for what is none."""
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


def _pixels(picture: Any, most: int) -> InnerPicture:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise CannotShow(f"This picture has too many pixels: {width:,} × {height:,}.")
    picture.draft("RGB", (most, most))
    if max(picture.size) > most:
        picture.thumbnail((most, most))
    shown = picture.convert("RGBA")
    return InnerPicture(shown.width, shown.height, shown.tobytes())
