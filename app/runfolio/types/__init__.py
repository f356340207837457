"""MLflow's `mlflow.types`: what signatures are made of."""

from __future__ import annotations

from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.params import ParamSchema, ParamSpec
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.types import schema

__all__ = ["ColSpec", "DataType", "ParamSchema", "ParamSpec", "Schema", "TensorSpec", "schema"]
