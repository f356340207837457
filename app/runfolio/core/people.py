"""Who uses this program: by the name that the system has for them."""

from __future__ import annotations

import getpass
from functools import cache


@cache
def user_name() -> str:
    """The name; "" where the system has none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
