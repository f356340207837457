"""What a server counts, and how it tells it: to people as JSON, to Prometheus in its text format.

The format is that of prometheus.io/docs/instrumenting/exposition_formats, version 0.0.4.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import deque
from dataclasses import dataclass, field

#: Upper ends of the buckets of latencies, in seconds.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
#: Requests of which percentiles are told, and for how many seconds the rate is.
RECENT, RATE_SECONDS = 10_000, 10.0


@dataclass(slots=True)
class Figures:
    """What a server has done since it was started.

    Attributes:
        answered: requests by their status.
        buckets: requests by latency: one for each of `BUCKETS`, and one for all above.
        seconds: of all requests together.
        restarts: processes of the model that had to be started again.
        swaps: versions of the model that took over.
        batches: how often so many requests were predicted together.
    """

    started: float = field(default_factory=time.time)
    answered: dict[int, int] = field(default_factory=dict)
    buckets: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    seconds: float = 0.0
    restarts: int = 0
    swaps: int = 0
    batches: dict[int, int] = field(default_factory=dict)
    _recent: deque[tuple[float, float]] = field(default_factory=lambda: deque(maxlen=RECENT))

    def note(self, status: int, seconds: float) -> None:
        """Count a request."""
        self.answered[status] = self.answered.get(status, 0) + 1
        self.buckets[bisect_left(BUCKETS, seconds)] += 1
        self.seconds += seconds
        self._recent.append((time.monotonic(), seconds))

    def told(self) -> dict[str, object]:
        """For people: counts, requests a second of late, and percentiles of latency in milliseconds."""
        now = time.monotonic()
        recent = sorted(seconds for _, seconds in self._recent)
        late = sum(1 for at, _ in self._recent if now - at <= RATE_SECONDS)
        since = self._recent[0][0] if len(self._recent) == RECENT else now - (time.time() - self.started)
        span = max(min(RATE_SECONDS, now - since), 0.001)
        shares = {"p50": 0.5, "p90": 0.9, "p99": 0.99}
        return {
            "requests": sum(self.answered.values()),
            "errors": sum(number for status, number in self.answered.items() if status >= 400),
            "answered": {str(status): number for status, number in sorted(self.answered.items())},
            "per_second": round(late / span, 2),
            "latency_ms": {name: _percentile(recent, share) for name, share in shares.items()},
            "restarts": self.restarts,
            "swaps": self.swaps,
            "seconds": round(time.time() - self.started, 1),
        }

    def prometheus(self) -> str:
        """For Prometheus."""
        total = sum(self.answered.values())
        lines = ["# HELP runfolio_requests_total Requests for predictions.", "# TYPE runfolio_requests_total counter"]
        lines += [
            f'runfolio_requests_total{{status="{one}"}} {number}' for one, number in sorted(self.answered.items())
        ]
        lines += ["# HELP runfolio_request_seconds Time until the answer.", "# TYPE runfolio_request_seconds histogram"]
        below = 0
        for end, number in zip(BUCKETS, self.buckets, strict=False):
            below += number
            lines.append(f'runfolio_request_seconds_bucket{{le="{end:g}"}} {below}')
        lines.append(f'runfolio_request_seconds_bucket{{le="+Inf"}} {total}')
        lines += [f"runfolio_request_seconds_sum {self.seconds:.6f}", f"runfolio_request_seconds_count {total}"]
        for name, what, value in (
            ("runfolio_restarts_total", "Processes of the model that were started again.", self.restarts),
            ("runfolio_swaps_total", "Versions of the model that took over.", self.swaps),
        ):
            lines += [f"# HELP {name} {what}", f"# TYPE {name} counter", f"{name} {value}"]
        return "\n".join(lines) + "\n"


def _percentile(ordered: list[float], share: float) -> float | None:
    """In milliseconds; None of nothing."""
    if not ordered:
        return None
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000, 3)
