"""Models in the MLmodel format, by MLflow's names: what they take and give, how they are saved, loaded and checked.

Importing this loads next to nothing; each name is loaded on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

_WHERE = {
    "EvaluationArtifact": "runfolio.models.evaluation.result",
    "EvaluationMetric": "runfolio.models.evaluation.extra_metrics",
    "EvaluationResult": "runfolio.models.evaluation.result",
    "MetricThreshold": "runfolio.models.evaluation.thresholds",
    "Model": "runfolio.models.model",
    "ModelConfig": "runfolio.models.pyfunc.from_code",
    "ModelInfo": "runfolio.models.mlmodel",
    "ModelSignature": "runfolio.models.schema.signature",
    "convert_input_example_to_serving_input": "runfolio.models.input_example",
    "evaluate": "runfolio.models.evaluation.evaluate",
    "get_model_info": "runfolio.models.info",
    "infer_signature": "runfolio.models.schema.signature",
    "make_metric": "runfolio.models.evaluation.extra_metrics",
    "set_model": "runfolio.models.pyfunc.from_code",
    "set_signature": "runfolio.models.signature",
    "validate_evaluation_results": "runfolio.models.evaluation.thresholds",
    "validate_schema": "runfolio.models.schema.enforce",
}
__all__ = [*_WHERE]

if TYPE_CHECKING:
    from runfolio.models.evaluation.evaluate import evaluate as evaluate
    from runfolio.models.evaluation.extra_metrics import EvaluationMetric as EvaluationMetric
    from runfolio.models.evaluation.extra_metrics import make_metric as make_metric
    from runfolio.models.evaluation.result import EvaluationArtifact as EvaluationArtifact
    from runfolio.models.evaluation.result import EvaluationResult as EvaluationResult
    from runfolio.models.evaluation.thresholds import MetricThreshold as MetricThreshold
    from runfolio.models.evaluation.thresholds import validate_evaluation_results as validate_evaluation_results
    from runfolio.models.info import get_model_info as get_model_info
    from runfolio.models.input_example import (
        convert_input_example_to_serving_input as convert_input_example_to_serving_input,
    )
    from runfolio.models.mlmodel import ModelInfo as ModelInfo
    from runfolio.models.model import Model as Model
    from runfolio.models.pyfunc.from_code import ModelConfig as ModelConfig
    from runfolio.models.pyfunc.from_code import set_model as set_model
    from runfolio.models.schema.enforce import validate_schema as validate_schema
    from runfolio.models.schema.signature import ModelSignature as ModelSignature
    from runfolio.models.schema.signature import infer_signature as infer_signature
    from runfolio.models.signature import set_signature as set_signature


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module 'runfolio.models' has no attribute {name!r}.")
    value = getattr(import_module(_WHERE[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_WHERE})
