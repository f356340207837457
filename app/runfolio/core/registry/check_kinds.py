"""The kinds of checks that gates have. A new kind is one class (a `Check`, `gates.py`) and its line here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from runfolio.core.registry import fields
from runfolio.core.registry.gates import Check
from runfolio.core.registry.holder_checks import BesideHolder
from runfolio.core.registry.limit_checks import AtLeast, AtMost
from runfolio.core.registry.model_checks import Environment, InputExample, Signature
from runfolio.core.registry.people_checks import Description, SignOff, Tagged
from runfolio.core.registry.run_checks import CleanGit, RunsInGroup

_KINDS: tuple[type[Check], ...] = (
    AtLeast,
    AtMost,
    BesideHolder,
    Signature,
    InputExample,
    Description,
    Environment,
    CleanGit,
    Tagged,
    RunsInGroup,
    SignOff,
)
#: By the word that tells each from the others.
CHECKS: Mapping[str, type[Check]] = MappingProxyType({kind.KEY: kind for kind in _KINDS})
_KEYS = tuple(dict.fromkeys(key for kind in _KINDS for key in (kind.KEY, *kind.FIELDS)))


def read_check(value: Any, place: str) -> Check:
    """A check that was written as a word or with keys. Raises InvalidValue."""
    if isinstance(value, str):
        return _read_word(value, place)
    given = fields.mapping(value, place, _KEYS)
    kinds = [key for key in CHECKS if key in given]
    if not kinds:
        raise fields.wrong(place, "it does not say what is checked.", f"Add one of {', '.join(CHECKS)}.")
    if len(kinds) > 1:
        raise fields.wrong(place, f"{' and '.join(kinds)} are {len(kinds)} checks.", "Write one below the other.")
    kind = CHECKS[kinds[0]]
    if not kind.FIELDS:
        raise fields.wrong(place, f"{kind.KEY} is a word that stands alone.", f"Write it as {kind.EXAMPLE}.")
    return kind.read(fields.mapping(given, place, kind.FIELDS), place)


def _read_word(word: str, place: str) -> Check:
    kind = CHECKS.get(word)
    if kind is None:
        raise fields.wrong(place, f"there is no check {fields.shown(word)}.", fields.meant(word, CHECKS))
    if not kind.ALONE:
        raise fields.wrong(place, f"{word} alone does not say enough.", f"Write it as {kind.EXAMPLE}.")
    return kind()
