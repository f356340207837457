"""What may be a slip in a filter that can be read: a status that there is not, a name that no run has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import chain, islice

from runfolio.core.filter.complete import Known
from runfolio.core.filter.fields import EQUALITY
from runfolio.core.filter.tree import Comparison, Entity, Field, Node, conditions, fields
from runfolio.core.filter.write import field_text
from runfolio.core.states import RunStatus
from runfolio.core.system_tags import is_system_tag

# More is not read by anybody.
MOST = 3
STATUS = Field(Entity.ATTRIBUTE, "status")
STATUSES = tuple(map(str, RunStatus))


def doubts(node: Node, known: Known) -> list[str]:
    """A sentence about each."""
    unknown = filter(None, (unknown_name(field, known, field_text) for field in dict.fromkeys(fields(node))))
    return list(dict.fromkeys(islice(chain(_no_status(node), unknown), MOST)))


def unknown_name(field: Field, known: Known, written: Callable[[Field], str]) -> str:
    """What to tell of a metric, param or tag that no run has, with what may have been meant, as it is written.

    Empty for one that there is, and for tags that tracking sets.
    """
    names = {Entity.METRIC: known.metrics, Entity.PARAM: known.params, Entity.TAG: known.tags}
    there = names.get(field.entity)
    if there is None or field.key in there or (field.loose and f"{field.key}.{field.statistic}" in there):
        return ""
    if field.entity is Entity.TAG and is_system_tag(field.key):
        return ""
    near = _near(field.key, there)
    hint = f" Did you mean {written(Field(field.entity, near))}?" if near else ""
    return f"No run has the {str(field.entity)[:-1]} {field.key!r}.{hint}"


def _no_status(node: Node) -> Iterator[str]:
    """A status is compared as it is written, in its own case, as MLflow compares it."""
    for one in conditions(node):
        if isinstance(one, Comparison) and one.field == STATUS and one.operator in EQUALITY:
            for text in one.value if isinstance(one.value, tuple) else (one.value,):
                if text not in STATUSES:
                    near = _near(str(text), STATUSES)
                    rest = f"did you mean '{near}'?" if near else f"there are {', '.join(STATUSES)}."
                    yield f"No status is written {text!r}: {rest}"


def _near(name: str, there: Iterable[str]) -> str:
    """The one that is most alike, whatever its case; empty if none is."""
    by_letters = {one.casefold(): one for one in there}
    near = get_close_matches(name.casefold(), by_letters, 1)
    return by_letters[near[0]] if near else ""
