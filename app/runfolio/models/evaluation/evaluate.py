"""`evaluate`: how good a model is on data that it has not seen, logged to a run and returned."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from runfolio.client import active_runs
from runfolio.client.active_run import ActiveRun
from runfolio.core.errors import EnvironmentProblem, InvalidValue, UserError
from runfolio.models.evaluation import extra_metrics as extra
from runfolio.models.evaluation import inputs
from runfolio.models.evaluation.examples import Columns, Examples, read_examples
from runfolio.models.evaluation.findings import Findings
from runfolio.models.evaluation.measuring import CLASSIFIER, REGRESSOR, Measuring
from runfolio.models.evaluation.options import read_options
from runfolio.models.evaluation.predicting import ask
from runfolio.models.evaluation.result import EvaluationResult
from runfolio.models.evaluation.slices import Slices
from runfolio.models.evaluation.thresholds import MetricThreshold, validate_evaluation_results
from runfolio.models.evaluation.writing import Writer

log = logging.getLogger("runfolio")


def evaluate(
    model: Any = None,
    data: Any = None,
    *,
    model_type: str | None = None,
    targets: Any = None,
    predictions: str | None = None,
    dataset_path: str | None = None,
    feature_names: Sequence[str] | None = None,
    evaluators: Any = None,
    evaluator_config: Mapping[str, Any] | None = None,
    extra_metrics: Sequence[Any] | None = None,
    custom_artifacts: Sequence[Any] | None = None,
    env_manager: str = "local",
    model_config: Mapping[str, Any] | None = None,
    inference_params: Mapping[str, Any] | None = None,
    model_id: str | None = None,
    probabilities: Any = None,
    slices: Slices | None = None,
    baseline_model: Any = None,
    validation_thresholds: Mapping[str, MetricThreshold] | None = None,
) -> EvaluationResult:
    """Measure a model on data; log metrics, pictures and tables to the active run, or to one of its own.

    All arguments are told of in docs/evaluation.md; those of MLflow mean what they mean there.

    Args:
        model: the address of a model, a loaded one, an estimator or a function; None if predictions are given.
        data: a pandas or polars table, an array, a list of rows, or a dataset of `runfolio.data`.
        model_type: "classifier", "regressor", or None for `extra_metrics` alone.
        targets: the column with what is true, several of them for several outputs, or the values.
        predictions: without a model, the column with its predictions; with one, the column of its answer.
        probabilities: without a model, the column with the probability of the positive label, or one for each label.
        slices: parts of the data that are measured by themselves: columns, expressions, or a mapping from names.
        baseline_model: a model, like `model`, that is measured on the same data and compared with.
        validation_thresholds: what the model must reach; it is measured and logged before it is held to that.

    Raises:
        InvalidValue: the data cannot be used, or an argument breaks a rule; nothing is logged then.
        ModelValidationFailedException: the model does not reach a threshold.
        EnvironmentProblem: scikit-learn is not installed.
    """
    _check(model_type, evaluators, env_manager, inference_params, extra_metrics)
    config = read_options(evaluator_config, extra_metrics or ())
    names = config.get("col_mapping") or {}
    targets, predictions = (names.get(one, one) if isinstance(one, str) else one for one in (targets, predictions))
    said, name = (predictions, None) if model is None else (None, predictions)
    columns = Columns(targets, said, config.get("sample_weights"), feature_names)
    examples, chances = _with_probabilities(read_examples(data, columns), probabilities)
    measuring = Measuring(examples, model_type, name, chances, config, slices)
    files = _Files(columns, dataset_path, extra_metrics or (), custom_artifacts or ())
    return _carried_out(measuring, files, model, model_config, baseline_model, validation_thresholds)


@dataclass(frozen=True, slots=True)
class _Files:
    """What is logged besides what is measured."""

    columns: Columns
    path: str | None
    metrics: Sequence[Any]
    custom: Sequence[Any]


def _carried_out(
    measuring: Measuring,
    files: _Files,
    model: Any,
    model_config: Mapping[str, Any] | None,
    baseline_model: Any,
    thresholds: Mapping[str, MetricThreshold] | None,
) -> EvaluationResult:
    examples, config = measuring.examples, measuring.config
    asked = ask(model, model_config)
    with _naming_texts(examples, files.columns.features):
        found, table = measuring.measure(asked)
    known = extra.Known(table, examples.frame, config, config.get("col_mapping") or {})
    rows = extra.compute(files.metrics, known, found)
    baseline = None
    if baseline_model is not None:
        baseline, answers = measuring.measure(ask(baseline_model), whole=False)
        extra.compute(files.metrics, extra.Known(answers, examples.frame, config, known.aliases), baseline)
        _compare(found, baseline)
    prefix = str(config.get("metric_prefix") or "")
    with _run() as run:
        inputs.note(run, examples, files.columns, files.path, prefix)
        writer = Writer(run, prefix)
        writer.metrics(found.metrics)
        writer.findings(found)
        if rows:
            writer.rows(examples.frame.assign(**{key: table[key].array for key in table}, **rows))
        writer.custom(files.custom, table, found.metrics)
        run_id = run.info.run_id
    for note in found.notes:
        log.info("Evaluation: %s", note)
    if thresholds:
        validate_evaluation_results(thresholds, found, baseline)
    return EvaluationResult(
        {f"{prefix}{name}": value for name, value in found.metrics.items()},
        writer.artifacts,
        run_id,
        tables=found.tables,
        notes=found.notes,
        baseline_model_metrics=None if baseline is None else baseline.metrics,
    )


def _check(model_type: Any, evaluators: Any, env_manager: str, inference_params: Any, metrics: Any) -> None:
    if model_type not in (CLASSIFIER, REGRESSOR, None):
        raise InvalidValue(f"There is no model_type {model_type!r}.", "Use 'classifier' or 'regressor'.")
    if model_type is None and not metrics:
        raise InvalidValue("Without a model_type there is nothing to measure.", "Give model_type or extra_metrics.")
    if evaluators not in (None, "default", ["default"]):
        raise InvalidValue(f"There is no evaluator {evaluators!r}.", "Leave it out.")
    if env_manager != "local":
        raise InvalidValue(f"Models are evaluated in this environment, not in one of {env_manager!r}.", "Use 'local'.")
    if inference_params is not None:
        raise InvalidValue("inference_params are for endpoints of MLflow, of which there are none.", "Leave them out.")
    try:
        import sklearn  # noqa: F401
    except ImportError as error:
        raise EnvironmentProblem("Evaluating models needs scikit-learn.", "pip install scikit-learn") from error


@contextmanager
def _naming_texts(examples: Examples, chosen: Sequence[str] | None) -> Iterator[None]:
    """Where a model fails over columns of texts that nobody chose for it: say how to choose. Raises InvalidValue."""
    try:
        yield
    except UserError:
        raise
    except (ValueError, TypeError) as error:
        kinds = getattr(examples.features, "dtypes", None)
        texts = (
            [] if kinds is None or chosen is not None else [str(name) for name, kind in kinds.items() if _text(kind)]
        )
        if not texts:
            raise
        said = " ".join(str(error).split())[:300]
        raise InvalidValue(
            f"The model failed: {said}",
            f"It was given columns of texts: {', '.join(texts[:10])}. Name its own columns: feature_names=[...].",
        ) from error


def _text(kind: Any) -> bool:
    return str(kind) in ("object", "str", "string", "category")


def _with_probabilities(examples: Examples, given: Any) -> tuple[Examples, Any]:
    """Columns of probabilities are no features."""
    if given is None:
        return examples, None
    names = [given] if isinstance(given, str) else given
    if not (isinstance(names, (list, tuple)) and names and all(isinstance(name, str) for name in names)):
        return examples, given
    if missing := [name for name in names if name not in examples.frame.columns]:
        raise InvalidValue(f"The table has no column {missing[0]!r} of probabilities.")
    values = examples.frame[list(names)].to_numpy()
    rest = examples.frame.drop(columns=list(names))
    return replace(examples, features=rest, frame=rest), values


def _compare(found: Findings, baseline: Findings) -> None:
    import pandas as pd

    both = [name for name in found.metrics if name in baseline.metrics]
    lines = [(name, found.metrics[name], baseline.metrics[name]) for name in both]
    table = pd.DataFrame(lines, columns=["metric", "candidate", "baseline"])
    table["difference"] = table["candidate"] - table["baseline"]
    found.tables["baseline_comparison"] = table


@contextmanager
def _run() -> Iterator[ActiveRun]:
    """The active run, or one of its own that ends with the evaluation."""
    active = active_runs.active_run()
    if active is not None:
        yield active
    else:
        with active_runs.start_run() as run:
            yield run
