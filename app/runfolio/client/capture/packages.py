"""The installed packages, all of them: a list that pip can install again."""

from __future__ import annotations

import email.parser  # noqa: F401  (importlib.metadata would import it later, when a fork may come between)
import platform
import re
from importlib.metadata import Distribution, distributions
from json import JSONDecodeError, loads

from runfolio.client.capture.secrets import url_without_user


def package_lock() -> str:
    """A requirements file with every installed distribution, one a line, after the Python version.

    What was not installed from an index is named with the address it came from (PEP 610), without credentials.
    """
    found: dict[str, str] = {}
    for one in distributions():
        name = one.metadata["Name"] if one.metadata else None
        if name:
            # The first on the path is the one that is imported.
            found.setdefault(re.sub(r"[-_.]+", "-", name).lower(), f"{name}=={one.version}{_origin(one)}")
    lines = [f"# Python {platform.python_version()} ({platform.python_implementation()})", *_sorted(found)]
    return "\n".join(lines) + "\n"


def _sorted(found: dict[str, str]) -> list[str]:
    return [found[name] for name in sorted(found)]


def _origin(one: Distribution) -> str:
    text = one.read_text("direct_url.json")
    try:
        given = loads(text) if text else {}
        address = given.get("url")
        commit = given.get("vcs_info", {}).get("commit_id")
    except (JSONDecodeError, AttributeError):
        return ""
    if not isinstance(address, str):
        return ""
    return f"  # from {url_without_user(address)}{f'@{commit}' if commit else ''}"
