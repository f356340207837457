"""NVIDIA's graphics cards, through NVML where its Python binding (`nvidia-ml-py`) and its driver are there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

try:
    import pynvml as nvml
except ImportError:
    nvml = None


@dataclass(frozen=True)
class Card:
    """A card and NVML's handle of it."""

    name: str
    handle: Any


def cards() -> list[Card]:
    """The cards of this machine; none where NVML cannot be asked."""
    if nvml is None:
        return []
    try:
        nvml.nvmlInit()
        handles = [nvml.nvmlDeviceGetHandleByIndex(number) for number in range(nvml.nvmlDeviceGetCount())]
        return [Card(_text(nvml.nvmlDeviceGetName(handle)), handle) for handle in handles]
    except nvml.NVMLError:  # no driver, or none for this user
        return []


def load(found: list[Card]) -> Iterator[tuple[str, float]]:
    """What each card does now, by MLflow's names: memory in MB and %, use in %, power in W."""
    for number, card in enumerate(found):
        try:
            memory = nvml.nvmlDeviceGetMemoryInfo(card.handle)
            yield f"gpu_{number}_memory_usage_megabytes", memory.used / 1e6
            yield f"gpu_{number}_memory_usage_percentage", 100 * memory.used / memory.total
            yield f"gpu_{number}_utilization_percentage", nvml.nvmlDeviceGetUtilizationRates(card.handle).gpu
            yield f"gpu_{number}_power_usage_watts", nvml.nvmlDeviceGetPowerUsage(card.handle) / 1000
        except nvml.NVMLError:  # a card need not tell everything
            continue


def _text(name: str | bytes) -> str:
    return name.decode(errors="replace") if isinstance(name, bytes) else name
