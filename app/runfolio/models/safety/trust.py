"""Which models that can run code a person trusts: each by the hash of all its files, kept in the person's own folder.

A model that a script of this person has saved or logged here is trusted from then on, for the script has made it. Any
other one has to be trusted once: one that came from somewhere else, or that has changed since, be it by a byte.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.environment import is_on
from runfolio.core.errors import NotFound, UserError

if TYPE_CHECKING:
    from runfolio.models.safety.code_risk import CodeRisk

log = logging.getLogger("runfolio")
NAME = "trusted_models.jsonl"
#: Where one of these is off, in our environment variables or in MLflow's, scripts load no model that is not trusted.
SWITCHES = ("ALLOW_MODEL_CODE_EXECUTION", "ALLOW_PICKLE_DESERIALIZATION")


class UntrustedModel(UserError):
    """A model that can run code and that nobody has trusted.

    Attributes:
        risk: why it can.
        fingerprint: what `trust` takes.
    """

    error_code = "PERMISSION_DENIED"

    def __init__(self, path: Path, risk: CodeRisk, fingerprint: str) -> None:
        super().__init__(f"{path} is not trusted. {risk}", "Trust it if you know who made it.")
        self.risk, self.fingerprint = risk, fingerprint


@dataclass(frozen=True, slots=True)
class Trusted:
    """A model that is trusted.

    Attributes:
        what: where it was, in words or as an address.
        time: since when; epoch milliseconds.
        made_here: whether a script of this person made it.
    """

    fingerprint: str
    what: str
    time: int
    made_here: bool


def is_trusted(mark: str) -> bool:
    """Whether a model with this fingerprint is."""
    return _checked(mark) in _read()


def trust(mark: str, what: str, *, made_here: bool = False) -> None:
    """Trust a model from now on. Raises OSError if that cannot be kept."""
    _append({"fingerprint": _checked(mark), "what": rules.text(what)[:1000], "time": now_ms(), "made_here": made_here})


def revoke(mark: str) -> None:
    """Trust a model no more. Raises OSError if that cannot be kept."""
    _append({"fingerprint": _checked(mark), "revoked": True, "time": now_ms()})


def all_trusted() -> list[Trusted]:
    """All that is trusted, the latest first."""
    return list(reversed(_read().values()))


def nobody(_untrusted: UntrustedModel) -> None:
    """Nobody is asked about a model that is not trusted."""


def require(path: str | Path, ask: Callable[[UntrustedModel], None] = nobody) -> CodeRisk:
    """Make sure that a model may be loaded: it cannot run code, or it is trusted. Returns what it could do.

    Args:
        ask: is told of a model that is not trusted, and may trust it.

    Raises:
        UntrustedModel: it can run code, and nobody has trusted it.
        NotFound: there is no model.
        OSError: its files cannot be read, by which it would be known.
    """
    # These bring readers of archives and OpenSSL, which few loads of models need.
    from runfolio.models.safety.code_risk import judge
    from runfolio.models.safety.hashing import fingerprint

    risk = judge(path)
    if risk.can_run_code and not is_trusted(mark := fingerprint(path)):
        untrusted = UntrustedModel(Path(path), risk, mark)
        ask(untrusted)
        if not is_trusted(mark):
            raise untrusted
    return risk


def require_where_asked(path: str | Path) -> None:
    """The same for a script's own `load_model`, which asks only where the environment says so. Raises as `require`."""
    if not all(map(is_on, SWITCHES)):
        require(path)


def made_here(path: str | Path, what: str) -> None:
    """Trust what a script of this person has just saved; where that cannot be kept, it has to be trusted later."""
    from runfolio.models.safety.hashing import fingerprint

    try:
        trust(fingerprint(path), what, made_here=True)
    except (OSError, NotFound) as error:
        log.debug("That %s was made here could not be noted: %s", path, error)


def _checked(mark: str) -> str:
    if len(mark) != 64 or not set(mark) <= set("0123456789abcdef"):
        raise NotFound(f"{mark!r:.80} is no fingerprint of a model.")
    return mark


def _file() -> Path:
    from runfolio.core.settings import settings_file  # brings the reading of TOML, which few loads need

    return settings_file().with_name(NAME)


def _append(line: dict[str, Any]) -> None:
    """Lines are only added, each by one write, so that several processes may do so at once."""
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    opened = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(opened, json.dumps(line).encode() + b"\n")
    finally:
        os.close(opened)


def _read() -> dict[str, Trusted]:
    """What is trusted, in the order in which it came; lines that cannot be read count for nothing."""
    found: dict[str, Trusted] = {}
    try:
        lines = _file().read_bytes().splitlines()
    except FileNotFoundError:
        return found
    for line in lines:
        try:
            entry = json.loads(line)
            mark = str(entry["fingerprint"])
            found.pop(mark, None)
            if not entry.get("revoked"):
                found[mark] = Trusted(mark, str(entry["what"]), int(entry["time"]), bool(entry["made_here"]))
        except (ValueError, KeyError, TypeError, AttributeError):  # cut off by a full disk
            log.debug("A line of %s cannot be read.", _file())
    return found
