"""The rules for names in the registry: of models, versions, stages and aliases. Each check returns what is stored.

MLflow's own rules (`mlflow/utils/validation.py`) allow any text of a model's name but `/` and `:`; here it is the name
of a folder as well, and must be one on every system.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.parts import is_part
from runfolio.core.paths import artifact_path

MAX_NAME, MAX_ALIAS = 250, 250
#: The stage of a version that was never moved is the first of each model, that of one that was replaced the last.
NONE, STAGING, PRODUCTION, ARCHIVED = "None", "Staging", "Production", "Archived"
#: MLflow's stages, which a model has that names none of its own.
STAGES = (NONE, STAGING, PRODUCTION, ARCHIVED)
LATEST = "latest"
_ALIAS = re.compile(r"[\w-]+", re.ASCII)
_SEPARATORS = re.compile(r"[/\\:]+")
# Of longer texts no more is compared, which takes long; of shorter ones nothing is alike.
_COMPARED, LEAST_OF_A_NAME = 100, 3
_LIKE_A_VERSION = re.compile(r"v?\d+", re.IGNORECASE)


def model_name(name: Any) -> str:
    """The name of a registered model, in Unicode's composed form. Raises InvalidValue, with the nearest that may be."""
    if not isinstance(name, str) or not name.strip():
        raise InvalidValue(f"A registered model needs a name that is not blank, not {name!r}.")
    if name != name.strip():
        raise InvalidValue(
            f"The name of a registered model has no blanks around it, as {name!r} has.", "Leave them out."
        )
    if len(name) > MAX_NAME:
        message = f"The name of a registered model has at most {MAX_NAME} characters; this one has {len(name)}."
        raise InvalidValue(message, f"For instance {name[:40].strip()!r}.")
    if "/" in name or "\\" in name or ":" in name:
        hint = f"For instance {_SEPARATORS.sub('-', name).strip('-') or 'model'!r}."
        raise InvalidValue(f"The name of a registered model has no '/', '\\' or ':'; {name!r} has.", hint)
    if is_part(name):
        raise InvalidValue(f"{name!r} is what folders are called that are not whole yet.", "For instance 'model'.")
    try:
        return artifact_path(name)
    except InvalidValue as error:
        raise InvalidValue(
            f"A model cannot be registered as {name!r}: its files are in a folder of that name. {error}"
        ) from error


def composed(name: Any) -> str:
    """The name of a model that may be there, in the form that is kept. Raises InvalidValue: it is no text."""
    if not isinstance(name, str):
        raise InvalidValue(f"The name of a registered model is a text, not {rules.shorten(name)}.")
    return unicodedata.normalize("NFC", name)


def version_number(version: Any) -> int:
    """The number of a version, which MLflow's functions take and give as text too. Raises InvalidValue."""
    text = "" if isinstance(version, bool) else str(version).strip()
    if text.isascii() and text.isdecimal() and len(text) <= rules.MAX_ID_LENGTH and 0 < int(text) <= rules.MAX_INT64:
        return int(text)
    raise InvalidValue(
        f"A version is a number from 1 on, not {rules.shorten(version)}.", "Such as 3, of models:/name/3."
    )


def alias(name: Any) -> str:
    """An alias: letters, digits, `_` and `-`; nothing that an address takes for a version. Raises InvalidValue."""
    if not isinstance(name, str) or not name:
        raise InvalidValue(f"An alias is a text, not {name!r}.")
    if len(name) > MAX_ALIAS:
        raise InvalidValue(f"An alias has at most {MAX_ALIAS} characters; this one has {len(name)}.")
    if name.lower() == LATEST:
        raise InvalidValue(
            f"{name!r} cannot be an alias: it always means the newest version.", "For instance 'newest'."
        )
    if _LIKE_A_VERSION.fullmatch(name):
        hint = f"For instance 'release-{name.lower().removeprefix('v')}'."
        raise InvalidValue(f"{name!r} cannot be an alias: it would be taken for a version's number.", hint)
    if not _ALIAS.fullmatch(name):
        hint = f"For instance {re.sub(r'[^A-Za-z0-9_-]+', '-', name).strip('-') or 'champion'!r}."
        raise InvalidValue(f"The alias {name!r} is not allowed: only letters from A to Z, digits, _ and - are.", hint)
    return name


def near(given: str, choices: Iterable[str]) -> str | None:
    """The choice that is most alike, whatever its case, or that holds all of it, as Production does `prod`."""
    by_letters = {one.casefold(): one for one in choices}
    letters = given.strip().casefold()[:_COMPARED]
    found = get_close_matches(letters, by_letters, n=1)
    if not found and len(letters) >= LEAST_OF_A_NAME:
        found = [one for one in by_letters if letters in one]
    return by_letters[found[0]] if found else None


def nearest(given: str, choices: Iterable[str]) -> str:
    """A sentence that asks whether the nearest choice was meant, with a blank after it; "" if none is near."""
    found = near(given, choices)
    return "" if found is None else f"Did you mean {found!r}? "
