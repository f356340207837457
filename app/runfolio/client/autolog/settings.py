"""What autologging was asked for, per library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.registry.names import model_name


@dataclass(frozen=True, slots=True)
class Settings:
    """How one library is logged.

    Attributes:
        disable: log nothing.
        exclusive: leave runs alone that the user started, and log nothing while one is active.
        silent: keep warnings to ourselves.
        log_datasets: note what data a model was trained on.
        extra_tags: tags for each run that autologging starts.
        options: what only this library knows, and what is kept for later, such as `log_models`.
    """

    disable: bool = False
    exclusive: bool = False
    silent: bool = False
    log_datasets: bool = True
    extra_tags: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def make_settings(
    *,
    disable: bool = False,
    exclusive: bool = False,
    silent: bool = False,
    log_datasets: bool = True,
    extra_tags: Mapping[str, Any] | None = None,
    **options: Any,
) -> Settings:
    """Settings of the arguments of an `autolog` function. Raises InvalidValue."""
    tags = {
        rules.key(key, "tag"): rules.tag_value(value)
        for key, value in rules.mapping(extra_tags or {}, "extra_tags").items()
    }
    if (name := options.get("registered_model_name")) is not None:
        options["registered_model_name"] = model_name(name)
    return Settings(bool(disable), bool(exclusive), bool(silent), bool(log_datasets), tags, options)


def natural(name: str, value: int | None) -> int | None:
    """A count of at least 1, or None. Raises InvalidValue."""
    if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
        return value
    raise InvalidValue(f"{name} must be None or a whole number of at least 1, not {value!r}.")
