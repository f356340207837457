"""What tracking itself notes: tags that are columns of a run here, captured tags, and metrics of the machine's load."""

from __future__ import annotations

from runfolio.core import rules
from runfolio.core.errors import InvalidValue
from runfolio.core.states import RUN_NAME, RUN_PARENT

#: The attribute of a run that stands for a tag.
SYSTEM_TAGS = {
    RUN_NAME: "run_name",
    RUN_PARENT: "parent",
    "mlflow.user": "user_id",
    "mlflow.source.name": "source_name",
}
#: Those whose attribute follows the tag and may be changed after it; the others are a tag's own once it is set.
FOLLOWING = frozenset([RUN_NAME, RUN_PARENT])
#: Why a run failed.
ERROR_TAG = "runfolio.error"
#: Tells how a model fared in its own environment: of a version by itself; of a run followed by a dot and the model's
#: path in it.
MODEL_CHECK = "runfolio.modelCheck"
LOAD = "system/"


def is_system_tag(key: str) -> bool:
    """Whether tracking sets the tag, not the user."""
    return key.startswith(("mlflow.", "runfolio."))


def free_key(key: str) -> str:
    """The key of a tag that a user may set.

    Raises:
        InvalidValue: it breaks a rule, or what the tag says is told of the run otherwise.
    """
    if key == RUN_NAME:
        raise InvalidValue(f"The tag {key} is the run's name.", "Rename the run instead.")
    if key == RUN_PARENT:
        raise InvalidValue(f"The tag {key} tells which run this one is nested in.", "Only scripts set it.")
    return rules.key(key, "tag")


def is_system_metric(key: str) -> bool:
    """Whether it is a metric of the machine's load, not of the training."""
    return key.startswith(LOAD)
