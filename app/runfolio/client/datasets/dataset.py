"""What is known of data that a run uses, in the form that MLflow stores."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from runfolio.client.datasets.source import Source, source_of
from runfolio.core.errors import InvalidValue

MAX_NAME, MAX_DIGEST = 500, 36


@dataclass(frozen=True)
class Dataset:
    """Data by its name, digest and source.

    Attributes:
        digest: equal for equal content.
        schema: the columns or tensors, as MLflow writes them; None if they are not known.
        profile: counts and sizes.
        data: what it was made from; None for files.
        targets: the column, or the arrays, to be predicted.
        predictions: the column of predictions.
    """

    name: str
    digest: str
    source: Source
    schema: Mapping[str, Any] | None = None
    profile: Mapping[str, Any] = field(default_factory=dict)
    data: Any = field(default=None, repr=False, compare=False)
    targets: Any = field(default=None, repr=False, compare=False)
    predictions: str | None = None

    @property
    def df(self) -> Any:
        """The table it was made from."""
        return self.data

    @property
    def features(self) -> Any:
        """The arrays it was made from."""
        return self.data

    def to_dict(self) -> dict[str, str | None]:
        """Its fields as texts, as MLflow stores them."""
        return {
            "name": self.name,
            "digest": self.digest,
            "source": self.source.to_json(),
            "source_type": self.source.kind,
            "schema": None if self.schema is None else json.dumps(self.schema),
            "profile": json.dumps(self.profile),
        }

    def _to_mlflow_entity(self) -> Any:
        """As a run has it among its inputs, for `DatasetInput`; scripts written for MLflow call it by this name."""
        from runfolio.client.entities import Dataset as Entity

        return Entity(**self.to_dict())  # type: ignore[arg-type]

    def to_json(self) -> str:
        """Its fields as a JSON text."""
        return json.dumps(self.to_dict())


class PandasDataset(Dataset):
    """A pandas table."""


class PolarsDataset(Dataset):
    """A polars table."""


class NumpyDataset(Dataset):
    """An array, or arrays by name."""


def described(
    name: str | None,
    digest: str | None,
    computed: str,
    source: Any,
    *,
    kind: type[Dataset] = Dataset,
    **rest: Any,
) -> Dataset:
    """A dataset with what the user gave of it, else with what was found. Raises InvalidValue."""
    for value, most, what in ((name, MAX_NAME, "name"), (digest, MAX_DIGEST, "digest")):
        if value is not None and (not isinstance(value, str) or not value or len(value) > most):
            raise InvalidValue(f"A dataset's {what} is a text of 1 to {most} characters, not {value!r:.60}.")
    return kind(name or "dataset", digest or computed, source_of(source), **rest)
