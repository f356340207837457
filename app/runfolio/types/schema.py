"""MLflow's `mlflow.types.schema`: the types that are made of others, beside what `mlflow.types` has."""

from __future__ import annotations

from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.params import ParamSchema, ParamSpec
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property, SparkMLVector

__all__ = [
    "AnyType",
    "Array",
    "ColSpec",
    "DataType",
    "Map",
    "Object",
    "ParamSchema",
    "ParamSpec",
    "Property",
    "Schema",
    "SparkMLVector",
    "TensorSpec",
]
