"""Keeping secrets out of what is stored: in addresses, command lines and settings."""

from __future__ import annotations

import re
from collections.abc import Sequence

MASK = "***"
# Names whose values are secrets, wherever they stand: --api-key, DB_PASSWORD, awsSecretAccessKey.
_SECRET_NAME = re.compile(
    r"passw(or)?d|passphrase|passwd|\bpw\b|pwd|secret|token|credential|api[-_]?key|access[-_]?key|private[-_]?key"
    r"|auth(orization)?$|bearer|cookie|session[-_]?key|signature|\bsas\b|connection[-_]?string|dsn$",
    re.IGNORECASE,
)
# Where programs talk of texts as tokens, a word is none of these.
_HARMLESS_NAME = re.compile(
    r"tokenizer|max[-_]?(new[-_]?)?tokens?|num[-_]?tokens?|tokens?[-_]per|n[-_]?tokens", re.IGNORECASE
)
# Of each the beginning is bounded or stands at the beginning of a word: a value may be as long as a file, and a search
# that tried each letter of it for a beginning would take the square of its length.
_USER_OF_URL = re.compile(r"(?P<scheme>[a-zA-Z][\w+.-]{0,40}://)[^/\s@'\"]+@")
# To a server that is asked by ssh, the user is part of the address, and no secret.
_SSH_URL = re.compile(r"ssh://(?P<user>[\w.-]+)(?::[^/\s@'\"]*)?@(?P<rest>[^@]*)", re.IGNORECASE)
_QUERY_OF_URL = re.compile(r"(?P<name>[?&;][^=&\s?#]{1,200})=(?P<value>[^&\s#'\"]*)")
_PASSWORD_OF_URL = re.compile(r"[a-zA-Z][\w+.-]{0,20}://[^/\s@:'\"]{1,200}:[^/\s@'\"]+@")
_SETTING = re.compile(r"(?<![\w.-])(?P<name>[\w.-]+)(?P<sign>\s*[=:]\s*)(?P<value>(\"[^\"]*\"|'[^']*'|[^\s,;&]+))")
# Well-known forms of keys, whatever they are called.
_KNOWN_KEY = re.compile(
    r"\b(?:sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|hf_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}"
    r"|xox[abpr]-[A-Za-z0-9-]{10,}|glpat-[\w-]{16,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+)"
)


def is_secret_name(name: str) -> bool:
    """Whether what goes by this name is to be kept secret."""
    return bool(_SECRET_NAME.search(name)) and not _HARMLESS_NAME.search(name)


def masked(text: str) -> str:
    """A text without the secrets in it: users in URLs, values of secret settings, keys of a well-known form."""
    text = _USER_OF_URL.sub(rf"\g<scheme>{MASK}@", text)
    for pattern in (_QUERY_OF_URL, _SETTING):
        text = pattern.sub(_without_value, text)
    return _KNOWN_KEY.sub(MASK, text)


def holds_key(text: str) -> bool:
    """Whether a key of a well-known form stands in a text, or the password of an address."""
    return bool(_KNOWN_KEY.search(text) or _PASSWORD_OF_URL.search(text))


def url_without_user(url: str) -> str:
    """An address without the user and password in it, nor secrets of its query; `git@host:path` stays as it is."""
    if by_ssh := _SSH_URL.fullmatch(url):
        return f"ssh://{by_ssh['user']}@{masked(by_ssh['rest'])}"
    return masked(_USER_OF_URL.sub(r"\g<scheme>", url))


def masked_command(arguments: Sequence[str]) -> list[str]:
    """A command line without its secrets; the value of `--password` may be an argument of its own."""
    result: list[str] = []
    hidden = False
    for argument in arguments:
        if hidden and not argument.startswith("-"):
            result.append(MASK)
            hidden = False
            continue
        hidden = argument.startswith("-") and "=" not in argument and is_secret_name(argument)
        result.append(masked(argument))
    return result


def _without_value(found: re.Match[str]) -> str:
    if not is_secret_name(found["name"]):
        return found[0]
    groups = found.groupdict()
    return f"{found['name']}{groups.get('sign', '=')}{MASK}"
