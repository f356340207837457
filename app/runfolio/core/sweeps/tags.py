"""Tags of a sweep's run and of its trials."""

from __future__ import annotations

#: Of the run of the sweep: what it is judged by, how it searches, and the cluster that it runs on, or "".
METRIC, GOAL, METHOD = "runfolio.sweep.metric", "runfolio.sweep.goal", "runfolio.sweep.method"
CLUSTER = "runfolio.sweep.cluster"
#: Why no more trials were begun.
ENDED = "runfolio.sweep.ended"
#: The best trial so far: its number, its run, and each of its values after this prefix.
BEST_TRIAL, BEST_RUN, BEST_VALUE = "runfolio.sweep.best_trial", "runfolio.sweep.best_run", "runfolio.sweep.best."
#: Of the run of a trial: its number.
TRIAL = "runfolio.sweep.trial"
#: The file of the sweep's run that says what is searched.
FILE = "sweep.yaml"
