"""Preferences of a person: declared here once, kept in one TOML file, read by window, command line and client."""

from __future__ import annotations

import json
import logging
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

log = logging.getLogger("runfolio")
FILE_VARIABLE = "RUNFOLIO_CONFIG"
RECENT_STORES = 10


@dataclass(frozen=True, slots=True)
class Setting:
    """One preference. The page of settings in the window is made from these.

    Attributes:
        key: its name in the file.
        default: its value unless changed; also tells its type.
        page: the part of the page of settings that it is in; empty for one that is not set there.
        title: what the page calls it.
        help: what it does, in a sentence.
        choices: the allowed values, each with what the page calls it; empty for any of the type.
    """

    key: str
    default: str | bool | tuple[str, ...]
    page: str = ""
    title: str = ""
    help: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)

    def accepts(self, value: Any) -> bool:
        """Whether a value read from the file makes sense."""
        if isinstance(self.default, tuple):
            return isinstance(value, list) and all(isinstance(item, str) for item in value)
        return type(value) is type(self.default) and (not self.choices or value in self.choices)


def _captured(part: str, title: str, help: str) -> Setting:
    """Whether runs keep something by themselves, unless a script or the environment says otherwise."""
    return Setting(f"capture_{part}", True, "What every run keeps", title, help)


SETTINGS = (
    Setting(
        "theme", "system", "Appearance", "Theme", "The colours of all windows.",
        {"system": "As the system has it", "dark": "Dark", "light": "Light"},
    ),
    Setting(
        "live_sort", False, "Run table", "Keep rows sorted while runs go on",
        "Rows move as soon as the values they are sorted by do. Otherwise they stay until you have them sorted again.",
    ),
    Setting(
        "row_height", "normal", "Run table", "Height of rows", "How much room each run has.",
        {"compact": "Compact", "normal": "Normal", "comfortable": "Comfortable"},
    ),
    Setting(
        "copied_digits", "full", "Run table", "Digits of copied numbers",
        "How numbers are written where rows are copied for spreadsheets, Markdown and LaTeX.",
        {"full": "All of them", "shown": "Those that the table shows"},
    ),
    _captured("git", "Code", "Commit, branch and uncommitted changes."),
    _captured("program", "Program", "Command line, script and working folder."),
    _captured("packages", "Packages", "Python and the version of every package."),
    _captured("host", "Machine", "Name, user, processors, memory, graphics card."),
    _captured("console", "Console", "What the script prints."),
    _captured("system_metrics", "Load", "Use of processors, memory, disk and network while it runs."),
    _captured("failure", "Failure", "The traceback of a run that failed."),
    Setting("recent_stores", ()),
    Setting("chart_export", ""),
)  # fmt: skip


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
        found = _read()
    except (OSError, ValueError) as error:
        log.warning("The settings in %s cannot be read, so the defaults are used: %s", settings_file(), error)
        return values
    for setting in SETTINGS:
        if setting.key in found and setting.accepts(found[setting.key]):
            value = found[setting.key]
            values[setting.key] = tuple(value) if isinstance(value, list) else value
    return values


def save(values: Mapping[str, Any]) -> None:
    """Change some preferences; all others stay, those of another version too. Raises OSError if that is impossible.

    A file that is no TOML is kept beside the new one, under a name ending in `.broken`.
    """
    file = settings_file()
    try:
        found = _read()
    except ValueError:
        file.replace(file.with_name(f"{file.name}.broken"))
        found = {}
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = [f"{json.dumps(key)} = {_toml(value)}" for key, value in {**found, **values}.items()]
    temporary = file.with_suffix(f".{os.getpid()}.part")
    temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    temporary.replace(file)


def _read() -> dict[str, Any]:
    try:
        return tomllib.loads(settings_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _toml(value: Any) -> str:
    """A value as TOML. JSON's texts and numbers are TOML's as well, but for one control character."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()  # numbers with inf and nan, booleans, and dates, which TOML allows in lower case


def remember_store(path: Path) -> None:
    """Put a store first among the recent ones."""
    recent = [str(path), *(other for other in load()["recent_stores"] if other != str(path))]
    save({"recent_stores": tuple(recent[:RECENT_STORES])})
