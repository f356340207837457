"""Which packages could not be installed, by what pip and uv say of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runfolio.environments.requirements import name_of

_NAME = r"[`']?([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
_SAID = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_NAME}(?:\[[^\]]*\])? was not found",
        rf"no versions? of {_NAME}",
        rf"No matching distribution found for {_NAME}",
        r"Failed to [a-z]+[^`]{0,60}`" + _NAME,
        rf"Failed building wheel for {_NAME}",
        rf"Failed to build installable wheels [^(]*\({_NAME}",
    )
)


def failing(words: str, lines: Iterable[str]) -> tuple[str, ...]:
    """The names of the packages that a tool's last words are about; of none, if they do not tell.

    Args:
        lines: what was to be installed, which is looked for in the words where they have no form that is known.
    """
    joined = " ".join(words.split())
    if said := [name_of(found) for pattern in _SAID for found in pattern.findall(joined)]:
        return tuple(dict.fromkeys(one for one in said if one))
    names = dict.fromkeys(name for line in lines if (name := name_of(line)))
    seen = re.sub(r"[-_.]+", "-", joined.lower())
    return tuple(name for name in names if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", seen))
