"""The states of runs and experiments, and names with a meaning of their own: what logging needs of the entities.

Records are kept out of here: each costs a script that imports them a millisecond.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum

DEFAULT_EXPERIMENT = "Default"
#: The tag that holds a run's description.
NOTE = "mlflow.note.content"
#: MLflow's tags for what is a run's own attribute here: setting one sets the attribute too.
RUN_NAME, RUN_PARENT = "mlflow.runName", "mlflow.parentRunId"
#: The tag of a dataset's use: what for.
DATA_CONTEXT = "mlflow.data.context"


class RunStatus(StrEnum):
    """The state of a run. SCHEDULED and RUNNING are open, the others have an end."""

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"

    @property
    def ended(self) -> bool:
        """True once nothing more is to be expected of the run."""
        return self not in (RunStatus.SCHEDULED, RunStatus.RUNNING)


class LifecycleStage(StrEnum):
    """Whether a run or experiment is in use or in the trash."""

    ACTIVE = "active"
    DELETED = "deleted"


class ViewType(IntEnum):
    """Which runs or experiments a search returns, by their lifecycle stage. MLflow's numbers."""

    ACTIVE_ONLY = 1
    DELETED_ONLY = 2
    ALL = 3
