"""Servers of models as the command line and the window know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

#: MLflow's port.
PORT = 5000
LOOPBACK = "127.0.0.1"
#: Where a server listens that does so on all addresses, which is none to ask, and where it is asked.
EVERYWHERE = {"0.0.0.0": LOOPBACK, "::": "::1"}
#: Where a server is reached from its own machine alone, and so needs no token.
OWN = ("localhost", LOOPBACK, "::1")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server takes.

    Attributes:
        seconds: that a prediction may take.
        bytes: of a request.
        waiting: requests that wait for a model at one time; more are told to come back.
        held: bytes of all requests that come or wait at one time; more are told to come back.
        batch: requests that are predicted together at most; 1 for none.
        idle: seconds that a client may take to send its request.
    """

    seconds: float = 60.0
    bytes: int = 64 << 20
    waiting: int = 1000
    held: int = 1 << 30
    batch: int = 64
    idle: float = 15.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A server to be.

    Attributes:
        uri: of the model: `models:/name/Production`, `runs:/…`, a folder.
        host, port: where it listens; 0 for any free port.
        token: what clients must send, as `Authorization: Bearer …`; "" for nothing.
        workers: processes of the model.
        env_manager: `local`, or what makes the model's environment.
        debug: whether errors have stack traces.
        detached: whether it outlives who has started it.
    """

    uri: str
    host: str = LOOPBACK
    port: int = PORT
    token: str = ""
    workers: int = 1
    env_manager: str = "local"
    limits: Limits = Limits()
    debug: bool = False
    detached: bool = False

    @property
    def address(self) -> str:
        """Where it is asked on this machine, such as `http://127.0.0.1:5000`."""
        host = EVERYWHERE.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def title(self) -> str:
        """The model as people are told of it, without what the addresses of all registered ones begin with."""
        return self.uri.removeprefix("models:/")

    def written(self) -> dict[str, Any]:
        """As JSON has it; `read_wanted` reads it."""
        return asdict(self)


def read_wanted(written: Mapping[str, Any]) -> Wanted:
    """A server as it was written."""
    known = {name: written[name] for name in Wanted.__dataclass_fields__ if name in written}
    limits = {name: one for name, one in dict(known.pop("limits", {})).items() if name in Limits.__dataclass_fields__}
    return Wanted(**known, limits=Limits(**limits))


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """A server that runs, or has run.

    Attributes:
        id: of it, by which it is found and stopped.
        address: where it is asked on this machine; "" until it answers.
        version: of the registered model that answers now; "" of others.
        process: its number; 0 of one that has ended in order.
        started: epoch milliseconds.
        running: whether it does.
    """

    id: str
    wanted: Wanted
    address: str
    version: str
    process: int
    started: int
    running: bool

    @property
    def failed(self) -> bool:
        """Whether it has answered, and come to an end that nobody wanted: killed, out of memory, with its machine."""
        return not self.running and bool(self.address) and bool(self.process)
