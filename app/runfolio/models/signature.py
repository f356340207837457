"""MLflow's `mlflow.models.signature`: signatures, and giving one to a model that is there."""

from __future__ import annotations

from runfolio.core.errors import InvalidValue
from runfolio.models.rewriting import rewrite
from runfolio.models.schema.signature import ModelSignature as ModelSignature
from runfolio.models.schema.signature import infer_signature as infer_signature


def set_signature(model_uri: str, signature: ModelSignature) -> None:
    """Give a model that was saved or logged another signature.

    Raises:
        NotFound: there is no such model.
        InvalidValue: this is no signature.
        StoreError, OSError: it cannot be written.
    """
    if not isinstance(signature, ModelSignature):
        raise InvalidValue(f"A signature is a ModelSignature, not {type(signature).__name__}.")
    rewrite(model_uri, lambda model: setattr(model, "signature", signature))
