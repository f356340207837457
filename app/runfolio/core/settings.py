"""Preferences of a person: declared here once, kept in one TOML file, read by window, command line and client."""

from __future__ import annotations

import json
import logging
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

log = logging.getLogger("runfolio")
FILE_VARIABLE = "RUNFOLIO_CONFIG"
RECENT_STORES = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """One preference.

    Attributes:
        key: its name in the file.
        default: its value unless changed; also tells its type.
        text: what it does, for the settings page.
        choices: the allowed values; empty for any of the type.
    """

    key: str
    default: str | tuple[str, ...]
    text: str
    choices: tuple[str, ...] = ()

    def accepts(self, value: Any) -> bool:
        """Whether a value read from the file makes sense."""
        if isinstance(self.default, tuple):
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        return isinstance(value, str) and (not self.choices or value in self.choices)


SETTINGS = (
    Setting("theme", "system", "Colours of the window", ("system", "dark", "light")),
    Setting("row_height", "normal", "Height of the rows of the run table", ("compact", "normal", "comfortable")),
    Setting("recent_stores", (), "Stores opened lately, the latest first"),
)


def settings_file() -> Path:
    """Where the preferences are: `RUNFOLIO_CONFIG`, else a per-user default."""
    given = os.environ.get(FILE_VARIABLE)
    if given:
        return Path(given)
    from platformdirs import user_config_path

    return user_config_path("runfolio", appauthor=False) / "settings.toml"


def load() -> dict[str, Any]:
    """All preferences; a file that cannot be read, or a value that makes no sense, counts as the default."""
    values: dict[str, Any] = {setting.key: setting.default for setting in SETTINGS}
    try:
        found = tomllib.loads(settings_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return values
    except (OSError, ValueError) as error:
        log.warning("The settings in %s cannot be read, so the defaults are used: %s", settings_file(), error)
        return values
    for setting in SETTINGS:
        if setting.key in found and setting.accepts(found[setting.key]):
            value = found[setting.key]
            values[setting.key] = tuple(value) if isinstance(value, list) else value
    return values


def save(values: Mapping[str, Any]) -> None:
    """Change some preferences and keep the others. Raises OSError if the file cannot be written."""
    merged = {**load(), **values}
    file = settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{key} = {_toml(list(v) if isinstance(v, tuple) else v)}" for key, v in merged.items()]
    temporary = file.with_suffix(f".{os.getpid()}.part")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(file)


def _toml(value: str | list[str]) -> str:
    """JSON's strings and lists of strings are TOML's as well, but for one control character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def remember_store(path: Path) -> None:
    """Put a store first among the recent ones."""
    recent = [str(path), *(other for other in load()["recent_stores"] if other != str(path))]
    save({"recent_stores": tuple(recent[:RECENT_STORES])})
