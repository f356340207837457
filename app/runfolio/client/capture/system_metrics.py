"""The load of the machine, sampled at an interval, as metric series of the runs: MLflow's names, `system/…`."""

from __future__ import annotations

import contextlib
import logging
import math
import os
import threading
from collections.abc import Callable, Iterable, Iterator

import psutil

from runfolio.client.capture import nvidia
from runfolio.client.capture.switches import configure_capture
from runfolio.core import rules
from runfolio.core.environment import value_of
from runfolio.core.errors import InvalidValue, RunfolioError

DEFAULT_INTERVAL = 10.0
log = logging.getLogger("runfolio")
Log = Callable[[dict[str, float]], None]


class Sampler:
    """A thread that samples while any run is open, and tells each of them. `process` is as of `Load`."""

    def __init__(self, listeners: Callable[[], Iterable[Log]], process: int | None = None) -> None:
        self._listeners = listeners
        self._process = process
        self._end = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, unless it is under way."""
        if self._thread is not None and self._thread.is_alive():
            return
        self._end.clear()
        self._thread = threading.Thread(target=self._loop, name="runfolio-load", daemon=True)
        with contextlib.suppress(RuntimeError):  # the interpreter is ending
            self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._end.set()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join(timeout=5.0)
        self._thread = None

    def _loop(self) -> None:
        try:
            self._sample()
        except (OSError, psutil.Error, RunfolioError) as error:
            log.warning("The load of the machine cannot be logged any more: %s", error)

    def _sample(self) -> None:
        load = Load(self._process)
        samples: list[dict[str, float]] = []
        while not self._end.wait(interval()):
            samples.append(load.sample())
            if len(samples) >= samples_before_logging():
                for tell in self._listeners():
                    tell(_mean(samples))
                samples = []


class Load:
    """Reads the load; what is counted since the last reading starts now.

    Args:
        process: whose memory is told, with that of all that it has started; this one's alone if None.
    """

    def __init__(self, process: int | None = None) -> None:
        self._process = process
        self._cards = nvidia.cards()
        self._network = psutil.net_io_counters()
        psutil.cpu_percent()

    def sample(self) -> dict[str, float]:
        """The load now, by MLflow's names; network traffic is since the first reading. Megabytes are 10^6 bytes."""
        node = node_id()
        prefix = f"system/{node}/" if node else "system/"
        return {prefix + name: value for name, value in self._values()}

    def _values(self) -> Iterator[tuple[str, float]]:
        yield "cpu_utilization_percentage", psutil.cpu_percent()
        memory = psutil.virtual_memory()
        yield "system_memory_usage_megabytes", memory.used / 1e6
        yield "system_memory_usage_percentage", memory.percent
        yield "process_memory_usage_megabytes", self._memory() / 1e6
        disk = psutil.disk_usage(os.sep)
        yield "disk_usage_percentage", disk.percent
        yield "disk_usage_megabytes", disk.used / 1e6
        yield "disk_available_megabytes", disk.free / 1e6
        network = psutil.net_io_counters()
        if network is not None and self._network is not None:
            yield "network_receive_megabytes", (network.bytes_recv - self._network.bytes_recv) / 1e6
            yield "network_transmit_megabytes", (network.bytes_sent - self._network.bytes_sent) / 1e6
        yield from nvidia.load(self._cards)

    def _memory(self) -> int:
        """Bytes of memory; what several processes share counts for each."""
        if self._process is None:
            return int(psutil.Process().memory_info().rss)
        total = 0
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self._process)
            for one in (first, *first.children(recursive=True)):
                with contextlib.suppress(psutil.Error):  # it has just ended
                    total += one.memory_info().rss
        return total


def _mean(samples: list[dict[str, float]]) -> dict[str, float]:
    return {key: sum(one.get(key, value) for one in samples) / len(samples) for key, value in samples[-1].items()}


class _Settings:
    """What scripts chose."""

    interval: float | None = None
    samples: int | None = None
    node: str | None = None


_settings = _Settings()


def set_system_metrics_sampling_interval(interval: float | None) -> None:
    """Choose the seconds between samples, at least 0.1; None for the default of 10."""
    _settings.interval = None if interval is None else max(0.1, rules.metric_value("interval", interval))


def set_system_metrics_samples_before_logging(samples: int | None) -> None:
    """Choose of how many samples the mean is logged; None for 1."""
    _settings.samples = None if samples is None else max(1, rules.step(samples))


def set_system_metrics_node_id(node_id: str | None) -> None:
    """Choose a name for this machine among several that log to one run: the keys become `system/<name>/…`."""
    _settings.node = None if node_id is None else rules.key(str(node_id), "node id")


def enable_system_metrics_logging() -> None:
    """Log the machine's load with the runs started from now on."""
    configure_capture(system_metrics=True)


def disable_system_metrics_logging() -> None:
    """Do not log the machine's load with the runs started from now on."""
    configure_capture(system_metrics=False)


def interval() -> float:
    """Seconds between samples: as chosen, else of `RUNFOLIO_SYSTEM_METRICS_INTERVAL`, else 10."""
    return _number(_settings.interval, "SYSTEM_METRICS_INTERVAL", DEFAULT_INTERVAL, least=0.1)


def samples_before_logging() -> int:
    """Of how many samples the mean is logged: as chosen, else of `RUNFOLIO_SYSTEM_METRICS_SAMPLES`, else 1."""
    return int(_number(_settings.samples, "SYSTEM_METRICS_SAMPLES", 1, least=1))


def node_id() -> str:
    """The name of this machine in the keys: as chosen, else of `RUNFOLIO_SYSTEM_METRICS_NODE_ID`, else none."""
    if _settings.node is not None:
        return _settings.node
    try:
        return rules.key(value_of("SYSTEM_METRICS_NODE_ID"))
    except InvalidValue:  # none, or one that no key can have
        return ""


def _number(chosen: float | None, variable: str, default: float, *, least: float) -> float:
    if chosen is not None:
        return chosen
    try:
        given = float(value_of(variable) or default)
    except ValueError:
        return default
    return max(least, given) if math.isfinite(given) else default
