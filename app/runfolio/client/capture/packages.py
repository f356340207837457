"""The installed packages, all of them: a list that pip can install again."""

from __future__ import annotations

import email.parser  # noqa: F401  (importlib.metadata would import it later, when a fork may come between)
import platform
from importlib.metadata import distributions

from runfolio.core.packages import lock_text, name_given, origin_of
from runfolio.core.secrets import url_without_user


def package_lock() -> str:
    """A requirements file with every installed distribution, one a line, after the Python version.

    What was not installed from an index is named with the address it came from (PEP 610), without credentials.
    """
    found = (
        (name_given(one), one.version, url_without_user(origin_of(one.read_text("direct_url.json"))))
        for one in distributions()
        if name_given(one)
    )
    return lock_text(f"{platform.python_version()} ({platform.python_implementation()})", found)
