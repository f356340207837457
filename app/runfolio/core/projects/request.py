"""What is asked to be run, as the command line, the window and the queue hand it on: plain values, JSON at rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from runfolio.core.errors import InvalidValue
from runfolio.core.secrets import is_secret_name, url_without_user


class EnvManager(StrEnum):
    """What makes a project's environment; AUTO takes what the project says, with the best that is here."""

    AUTO = "auto"
    LOCAL = "local"
    UV = "uv"
    VENV = "venv"
    CONDA = "conda"
    DOCKER = "docker"


#: MLflow's words for managers that have other names here.
_ALIASES = {"virtualenv": EnvManager.UV}


def env_manager_named(word: str) -> EnvManager:
    """What makes the environment, by ours or MLflow's word. Raises InvalidValue."""
    known = {**{str(one): one for one in EnvManager}, **_ALIASES}
    if word not in known:
        raise InvalidValue(f"There is no environment manager {word!r}.", f"There are {', '.join(EnvManager)}.")
    return known[word]


@dataclass(frozen=True, slots=True)
class Needs:
    """What of the machine a job holds while it runs: processors, gigabytes of memory, graphics cards."""

    cpu: float = 1.0
    memory_gb: float = 0.0
    gpu: int = 0


@dataclass(frozen=True, slots=True)
class RunRequest:
    """A run of a project to be.

    Attributes:
        uri: a folder, a zip file or a git address, with `#subfolder` or without.
        entry_point: "" for `main`, or for the only one there is.
        parameters: values by name, as given.
        version: a branch, a tag or a commit; "" for what is there.
        experiment, run_name: "" for the default experiment and a random name.
        timeout: seconds after which it is ended; 0 for no limit.
        retries: how often it is tried again when it fails.
        parent: the id of the run that it is nested in, or "".
        tags: of the run.
        variables: of its environment, beside those that it has anyhow.
        caller: the folder that paths among the values are relative to; "" for that of who runs it.
        real_mlflow: whether `import mlflow` is MLflow itself, which logs elsewhere.
    """

    uri: str
    entry_point: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    experiment: str = ""
    run_name: str = ""
    env_manager: EnvManager = EnvManager.AUTO
    timeout: float = 0.0
    retries: int = 0
    needs: Needs = field(default_factory=Needs)
    parent: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    caller: str = ""
    real_mlflow: bool = False

    def written(self) -> dict[str, Any]:
        """As JSON has it; `read_request` reads it."""
        return asdict(self)

    def kept(self) -> dict[str, Any]:
        """The same as a run keeps it, which others may read: without the user of an address and secret variables."""
        shown = url_without_user(self.uri) if "://" in self.uri else self.uri
        variables = {name: value for name, value in self.variables.items() if not is_secret_name(name)}
        return {**self.written(), "uri": shown, "variables": variables}


def read_request(written: Mapping[str, Any]) -> RunRequest:
    """A request as it was written; what a newer version has added is passed over.

    Raises:
        InvalidValue: it was not written by `RunRequest.written`, or by a version that says something else by it.
    """
    try:
        return RunRequest(**{name: read(written[name]) for name, read in _READERS.items() if name in written})
    except (TypeError, ValueError, AttributeError) as problem:
        raise InvalidValue(f"What is asked for cannot be read: {problem}.", _NEWER) from problem


def read_needs(written: Any) -> Needs:
    """What a request says of needs. Raises TypeError, ValueError, AttributeError."""
    known = {name: kind(written[name]) for name, kind in _NEEDS.items() if name in written}
    return Needs(**known)


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError(f"{given!r} is no text")
    return given


def _texts(given: Any) -> dict[str, str]:
    return {_text(name): _text(value) for name, value in given.items()}


_NEWER = "It may have been written by a newer version of Runfolio."
_NEEDS: Mapping[str, Callable[[Any], Any]] = {"cpu": float, "memory_gb": float, "gpu": int}
_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("uri", "entry_point", "version", "experiment", "run_name", "parent", "caller"), _text),
    **dict.fromkeys(("parameters", "tags", "variables"), _texts),
    "env_manager": env_manager_named,
    "timeout": float,
    "retries": int,
    "needs": read_needs,
    "real_mlflow": bool,
}
