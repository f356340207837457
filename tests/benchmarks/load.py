"""A load on an HTTP server: connections that each ask again once they are answered, from one process.

    python -m tests.benchmarks.load PORT FILE --connections 32 --seconds 5

FILE is the body of each request, in JSON. Writes as JSON how many answers there were by status, requests a second, and
percentiles of latency in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.harness import percentile

LENGTH = b"content-length: "


class Client(asyncio.Protocol):
    """One connection, which asks again and again until its time is over."""

    def __init__(self, request: bytes, end: float, done: asyncio.Future[None]) -> None:
        self._request, self._end, self._done = request, end, done
        self._had, self._began = b"", 0.0
        self.latencies: list[float] = []
        self.statuses: dict[int, int] = {}

    def connection_made(self, transport: Any) -> None:
        """Ask."""
        self._transport = transport
        self._ask()

    def _ask(self) -> None:
        self._had, self._began = b"", time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Count the answer once it is whole, and ask again."""
        self._had += data
        head, found, body = self._had.partition(b"\r\n\r\n")
        if not found or len(body) < int(head.lower().partition(LENGTH)[2].partition(b"\r\n")[0]):
            return
        now = time.perf_counter()
        self.latencies.append(now - self._began)
        status = int(head.split(b" ", 2)[1])
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if now < self._end:
            self._ask()
        else:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end of it."""
        if not self._done.done():
            self._done.set_result(None)


async def load(port: int, body: bytes, connections: int, seconds: float) -> dict[str, Any]:
    """Ask a server on this machine for so many seconds; how it has answered."""
    head = "POST /invocations HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    ends = [loop.create_future() for _ in range(connections)]
    clients = [Client(request, began + seconds, end) for end in ends]
    for client in clients:
        await loop.create_connection(lambda client=client: client, "127.0.0.1", port)  # type: ignore[misc]
    await asyncio.gather(*ends)
    took = time.perf_counter() - began
    latencies = [one for client in clients for one in client.latencies]
    statuses: dict[int, int] = {}
    for client in clients:
        for status, number in client.statuses.items():
            statuses[status] = statuses.get(status, 0) + number
    shares = {"p50": 0.5, "p99": 0.99}
    told = {name: percentile(latencies, share) * 1000 for name, share in shares.items()}
    return {"statuses": statuses, "per_second": len(latencies) / took, "count": len(latencies), **told}


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("file", type=Path)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5.0)
    given = parser.parse_args()
    print(json.dumps(asyncio.run(load(given.port, given.file.read_bytes(), given.connections, given.seconds))))


if __name__ == "__main__":
    main()
