"""Datasets of numpy arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from runfolio.client.datasets import schema
from runfolio.client.datasets.dataset import Dataset, NumpyDataset, described
from runfolio.client.datasets.digest import array_parts
from runfolio.core.digests import Part, digest_of
from runfolio.core.errors import InvalidValue


def from_numpy(
    features: Any, source: Any = None, targets: Any = None, name: str | None = None, digest: str | None = None
) -> Dataset:
    """A dataset of an array, or of several by name, with rows along the first axis.

    Raises:
        InvalidValue: they are no arrays.
    """
    for given in (features, targets):
        _check(given)
    computed = digest_of(part for given in (features, targets) for part in _parts(given))
    profile = {**_profile("features", features), **({} if targets is None else _profile("targets", targets))}
    found = schema.tensors(features, targets)
    rest = {"schema": found, "profile": profile, "data": features, "targets": targets}
    return described(name, digest, computed, source, kind=NumpyDataset, **rest)


def _check(given: Any) -> None:
    import numpy as np

    for array in given.values() if isinstance(given, Mapping) else (given,):
        if array is not None and not isinstance(array, np.ndarray):
            raise InvalidValue(f"from_numpy takes arrays, not {type(array).__name__}.")


def _parts(given: Any) -> Iterator[Part]:
    if isinstance(given, Mapping):
        for name, array in given.items():
            yield str(name).encode()
            yield from array_parts(array)
    elif given is not None:
        yield from array_parts(given)


def _profile(name: str, given: Any) -> dict[str, Any]:
    if isinstance(given, Mapping):
        return {
            f"{name}_shape": {key: list(array.shape) for key, array in given.items()},
            f"{name}_size": {key: int(array.size) for key, array in given.items()},
            f"{name}_nbytes": {key: int(array.nbytes) for key, array in given.items()},
        }
    return {
        f"{name}_shape": list(given.shape),
        f"{name}_size": int(given.size),
        f"{name}_nbytes": int(given.nbytes),
    }
