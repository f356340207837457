"""Why a run failed: the exception as a tag, its traceback as a file."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from runfolio.client import files
from runfolio.core import rules
from runfolio.core.captured import TRACEBACK
from runfolio.core.secrets import masked
from runfolio.core.system_tags import ERROR_TAG

if TYPE_CHECKING:
    from runfolio.client.active_run import ActiveRun

#: Of a longer message only so many characters become the tag.
MAX_TAG = 500


def keep_failure(run: ActiveRun, error: BaseException) -> None:
    """Store what went wrong, without the secrets that a message may hold."""
    message = _message(error)
    run.set_tags({ERROR_TAG: message if len(message) <= MAX_TAG else message[: MAX_TAG - 1] + "…"})
    whole = "".join(traceback.TracebackException.from_exception(error, compact=True).format())
    files.log_text(run, masked(whole), TRACEBACK)


def _message(error: BaseException) -> str:
    kind = type(error).__name__
    try:
        text = str(error)
    except Exception:  # an exception of the user's that cannot even tell its message
        text = ""
    return rules.text(masked(f"{kind}: {text}" if text else kind))
