"""Says in the words of a user why git could not fetch something, and what to do about it."""

from __future__ import annotations

from runfolio.core.errors import EnvironmentProblem, NotFound, UserError
from runfolio.projects.sources.git import Done, shown_command

# What stands in git's last lines, in small letters, and what to do; the first that is found counts.
_WHAT_TO_DO = (
    (
        ("could not read username", "could not read password", "authentication failed", "terminal prompts disabled"),
        "The server wants to know who you are, and nothing is asked here: give git a credential helper or a key, so "
        "that this works in a terminal without a question: {try_it}",
    ),
    (("permission denied (publickey",), "The server takes none of your ssh keys: add one, and try {try_it}"),
    (("host key verification failed",), "Connect once by hand and confirm the server's key: {try_it}"),
    (
        ("not found", "does not exist", "does not appear to be a git repository", "repository not exported"),
        "Check the address. A private repository looks like a missing one to those who may not read it.",
    ),
    (("dubious ownership",), "It is another user's. If you trust it: git config --global --add safe.directory {where}"),
    (("no space left", "disk quota exceeded"), "Make room on the disk, and try again."),
    (
        (
            "could not resolve",
            "unable to access",
            "timed out",
            "refused",
            "unreachable",
            "unable to connect",
            "early eof",
        ),
        "Check the connection and the address, and try again: {try_it}",
    ),
)


def cannot_fetch(where: str, done: Done) -> UserError:
    """The error to raise where git could not get something from a repository, told by its last lines.

    Args:
        where: the repository, as it may be shown.
    """
    told = "\n".join(done.said).lower()
    try_it = shown_command("ls-remote", where)
    found = next((todo for marks, todo in _WHAT_TO_DO if any(mark in told for mark in marks)), "Try it: {try_it}")
    hint = "\n".join(["git's last lines:", *done.said[-8:]]) if len(done.said) > 1 else ""
    todo = found.format(try_it=try_it, where=where)
    if done.code is None:
        return EnvironmentProblem(f"{where} took too long to be fetched, and was given up.", f"{todo}\n{hint}".strip())
    kind = NotFound if found == _WHAT_TO_DO[3][1] else EnvironmentProblem
    return kind(f"{where} cannot be fetched: git says {done.last_line!r}.", f"{todo}\n{hint}".strip())


def cannot_check_out(where: str, commit: str, done: Done) -> EnvironmentProblem:
    """The error to raise where the files of a commit cannot be written."""
    hint = "\n".join(done.said[-8:])
    full = "no space left" in hint.lower()
    todo = "Make room on the disk, and try again." if full else f"Look at it: {shown_command('-C', where, 'fsck')}"
    message = f"The commit {commit[:10]} of {where} cannot be checked out: git says {done.last_line!r}."
    return EnvironmentProblem(message, f"{todo}\n{hint}".strip())
