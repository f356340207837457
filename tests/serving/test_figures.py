"""What a server counts of itself."""

from __future__ import annotations

import time

from runfolio.serving.front.figures import RATE_SECONDS, RECENT, Figures


def test_the_rate_is_right_also_of_more_requests_than_are_remembered() -> None:
    figures = Figures(started=time.time() - 60)
    began = time.monotonic()
    for _ in range(2 * RECENT):
        figures.note(200, 0.001)
    rate = figures.told()["per_second"]
    assert isinstance(rate, float) and rate >= min(RECENT / (time.monotonic() - began), 1e6)
    assert rate > RECENT / RATE_SECONDS


def test_the_rate_of_a_few_requests_is_that_of_the_last_seconds() -> None:
    figures = Figures(started=time.time() - 60)
    for _ in range(50):
        figures.note(200, 0.001)
    assert figures.told()["per_second"] == 50 / RATE_SECONDS
