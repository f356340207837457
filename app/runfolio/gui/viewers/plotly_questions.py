"""What is asked of figures of Plotly: their JSON, such that it may stand in a page's script."""

from __future__ import annotations

import json
from dataclasses import dataclass

from runfolio.core.errors import CannotShow
from runfolio.previews.files import read_whole
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: Of a figure, in bytes.
MOST_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class AskFigure(Question[str]):
    """What is to be drawn?"""

    path: str

    def answer(self, kept: Kept) -> str:
        """Data and layout, without the letter that could end a script."""
        try:
            found = json.loads(read_whole(self.path, MOST_BYTES, "A figure"))
        except (ValueError, RecursionError) as error:
            raise CannotShow(f"This is no JSON: {error}.") from error
        if not isinstance(found, dict) or not isinstance(found.get("data"), list):
            raise CannotShow("This is no figure of Plotly: it has no list of data.")
        return json.dumps({key: found.get(key) for key in ("data", "layout")}).replace("<", "\\u003c")
