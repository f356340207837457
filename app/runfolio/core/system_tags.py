"""MLflow's tags that are columns of a run here, so that filters and tables find them by MLflow's names too."""

from __future__ import annotations

from runfolio.core.entities import RUN_NAME, RUN_PARENT

#: The attribute of a run that stands for a tag.
SYSTEM_TAGS = {
    RUN_NAME: "run_name",
    RUN_PARENT: "parent",
    "mlflow.user": "user_id",
    "mlflow.source.name": "source_name",
}
#: Those whose attribute follows the tag and may be changed after it; the others are a tag's own once it is set.
FOLLOWING = frozenset([RUN_NAME, RUN_PARENT])
