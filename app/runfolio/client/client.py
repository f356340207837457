"""MLflow's client class: runs, experiments and registered models of a store, without an active run."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from runfolio.client import active_runs, changes, destination, downloads, files, inputs, media, reading, tables
from runfolio.client.active_run import ActiveRun
from runfolio.client.entities import DatasetInput, Experiment, FileInfo, Metric, Param, Run, RunTag
from runfolio.client.experiment import ExperimentHandle
from runfolio.client.paging import PagedList, paged
from runfolio.client.registry_client import RegistryClient
from runfolio.client.tracker import Tracker, tracker
from runfolio.core import rules
from runfolio.core.states import RunStatus, ViewType

RUNS_OF_A_PAGE, EXPERIMENTS_OF_A_PAGE = 1000, 1000


class Client(RegistryClient):
    """Runs, experiments and registered models of a store. Methods raise NotFound for ids that are not there.

    Without the folder of a store, or with the address of a server, it is the store that the script logs to.
    """

    def __init__(self, tracking_uri: str | os.PathLike[str] | None = None, registry_uri: str | None = None) -> None:
        self._uri = None if tracking_uri is None else destination.folder_or_none(tracking_uri)

    @property
    def tracking_uri(self) -> str:
        """The folder of the store."""
        return str(self._tracker().folder)

    # Runs

    def create_run(
        self,
        experiment_id: str,
        start_time: int | None = None,
        tags: Mapping[str, Any] | None = None,
        run_name: str | None = None,
    ) -> Run:
        """Make a run, which is open until it is terminated or this process ends."""
        target, named = self._tracker(), rules.tags(tags or {})
        experiment = ExperimentHandle(target.folder, number=experiment_id)
        name, parent = run_name or named.pop("mlflow.runName", None), named.pop("mlflow.parentRunId", None)
        run = active_runs.open_run(target, experiment, name, parent, start_time)
        active_runs.keep_open(run)
        if named:
            run.set_tags(named)
        return reading.run(target, run.info.run_id)

    def get_run(self, run_id: str) -> Run:
        """A run as it is now."""
        return reading.run(self._tracker(), run_id)

    def get_parent_run(self, run_id: str) -> Run | None:
        """The run that a run is nested in, if it is."""
        return reading.parent_run(self._tracker(), run_id)

    def update_run(self, run_id: str, status: str | None = None, name: str | None = None) -> None:
        """Give a run another name, or status."""
        run = self._run(run_id)
        if name is not None:
            run.rename(rules.run_name(name))
        if status is not None:
            self._set_status(run, status)

    def set_terminated(self, run_id: str, status: str | None = None, end_time: int | None = None) -> None:
        """End a run, FINISHED if not told otherwise."""
        self._set_status(self._run(run_id), status or RunStatus.FINISHED, end_time)

    def delete_run(self, run_id: str) -> None:
        """Put a run into the trash."""
        changes.delete_run(self._tracker(), run_id)

    def restore_run(self, run_id: str) -> None:
        """Take a run out of the trash."""
        changes.restore_run(self._tracker(), run_id)

    def search_runs(
        self,
        experiment_ids: Sequence[str],
        filter_string: str = "",
        run_view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int = RUNS_OF_A_PAGE,
        order_by: Sequence[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Run]:
        """A page of the runs that a filter lets pass, in order; its `token` asks for the next one. Raises FilterError.

        Of no experiment there are no runs, as in MLflow.
        """
        target = self._tracker()
        numbers = [rules.experiment_id(one) for one in rules.listed(experiment_ids, "experiment ids")]

        def find(limit: int, offset: int) -> list[int]:
            if not numbers:
                return []
            return reading.find_runs(
                target,
                experiments=numbers,
                filter=filter_string,
                view=rules.view(run_view_type),
                order_by=order_by or (),
                limit=limit,
                offset=offset,
            )

        page = paged(find, max_results, page_token)
        return PagedList(reading.runs_by_number(target, page), page.token)

    def log_metric(
        self,
        run_id: str,
        key: str,
        value: float,
        timestamp: int | None = None,
        step: int | None = None,
        synchronous: bool | None = None,
        dataset_name: str | None = None,
        dataset_digest: str | None = None,
        model_id: str | None = None,
    ) -> None:
        """Append a point to a metric. As in MLflow, the time comes before the step; the last three are not used."""
        run = self._run(run_id)
        run.log_metric(key, value, step, timestamp)
        _wait(run, synchronous)

    def log_param(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> Any:
        """Set a param, once and for all; returns the value."""
        self.log_batch(run_id, params=[Param(key, value)], synchronous=synchronous)
        return value

    def log_batch(
        self,
        run_id: str,
        metrics: Iterable[Metric] = (),
        params: Iterable[Param] = (),
        tags: Iterable[RunTag] = (),
        synchronous: bool | None = None,
    ) -> None:
        """Log metrics, params and tags; as many as there are."""
        run = self._run(run_id)
        given = {one.key: one.value for one in params}
        if given:
            run.log_params(given)
        for one in metrics:
            run.log_metric(one.key, one.value, one.step, one.timestamp)
        named = {one.key: one.value for one in tags}
        if named:
            run.set_tags(named)
        _wait(run, synchronous)

    def set_tag(self, run_id: str, key: str, value: Any, synchronous: bool | None = None) -> None:
        """Set a tag of a run."""
        self.log_batch(run_id, tags=[RunTag(key, value)], synchronous=synchronous)

    def log_inputs(self, run_id: str, datasets: Sequence[DatasetInput] | None = None, models: Any = None) -> None:
        """Note which datasets a run used."""
        entries = [inputs.entry(one.dataset, {tag.key: tag.value for tag in one.tags}) for one in datasets or ()]
        self._run(run_id).note_inputs(entries)

    def delete_tag(self, run_id: str, key: str) -> None:
        """Remove a tag of a run."""
        self._run(run_id).delete_tag(key)

    def get_metric_history(self, run_id: str, key: str) -> list[Metric]:
        """All points of a metric, by step."""
        return reading.metric_history(self._tracker(), run_id, key)

    # Files

    def log_artifact(self, run_id: str, local_path: str | os.PathLike[str], artifact_path: str | None = None) -> None:
        """Copy a file or a folder into the run's files."""
        files.log_file(self._run(run_id), local_path, artifact_path)

    def log_artifacts(self, run_id: str, local_dir: str | os.PathLike[str], artifact_path: str | None = None) -> None:
        """Copy everything in a folder into the run's files."""
        files.log_folder(self._run(run_id), local_dir, artifact_path)

    def log_text(self, run_id: str, text: str, artifact_file: str) -> None:
        """Store a text as a file of the run."""
        files.log_text(self._run(run_id), text, artifact_file)

    def log_dict(self, run_id: str, dictionary: Any, artifact_file: str) -> None:
        """Store a dictionary as a JSON or, by its suffix, YAML file of the run."""
        files.log_mapping(self._run(run_id), dictionary, artifact_file)

    def log_figure(
        self, run_id: str, figure: Any, artifact_file: str, *, save_kwargs: dict[str, Any] | None = None
    ) -> None:
        """Store a matplotlib or plotly figure as a file of the run."""
        media.log_figure(self._run(run_id), figure, artifact_file, save_kwargs)

    def log_image(
        self,
        run_id: str,
        image: Any,
        artifact_file: str | None = None,
        key: str | None = None,
        step: int | None = None,
        timestamp: int | None = None,
        synchronous: bool | None = None,
    ) -> None:
        """Store an array or PIL image as a file, or as one of a series by key and step."""
        run = self._run(run_id)
        media.log_image(run, image, artifact_file, key, step, timestamp)
        _wait(run, synchronous)

    def log_table(self, run_id: str, data: Any, artifact_file: str) -> None:
        """Store rows as a table, or append them to it."""
        tables.log_table(data, artifact_file, self._run(run_id))

    def load_table(
        self,
        experiment_id: str,
        artifact_file: str,
        run_ids: Sequence[str] | None = None,
        extra_columns: Sequence[str] | None = None,
    ) -> Any:
        """The table of that name of several runs of an experiment, below each other."""
        numbers = [rules.experiment_id(experiment_id)]
        return tables.load_table(self._tracker(), numbers, artifact_file, run_ids, extra_columns)

    def log_stream(self, run_id: str, stream: IO[Any], artifact_file: str) -> None:
        """Store what a stream gives as a file of the run."""
        files.log_stream(self._run(run_id), stream, artifact_file)

    def download_artifacts(self, run_id: str, path: str, dst_path: str | None = None) -> str:
        """Where a file or folder of a run is on disk, or a copy of it in another folder."""
        return downloads.fetch(self._tracker(), f"runs:/{run_id}/{path}", dst_path)

    def list_artifacts(self, run_id: str, path: str | None = None) -> list[FileInfo]:
        """The files and folders of a run, or directly in a folder of it."""
        return reading.files_of(self._tracker(), run_id, path)

    # Experiments

    def create_experiment(
        self, name: str, artifact_location: str | None = None, tags: Mapping[str, Any] | None = None
    ) -> str:
        """Make an experiment; returns its id. Raises AlreadyExists."""
        return changes.create_experiment(self._tracker(), name, artifact_location, tags)

    def get_experiment(self, experiment_id: str) -> Experiment:
        """An experiment by its id."""
        return reading.experiment(self._tracker(), experiment_id)

    def get_experiment_by_name(self, name: str) -> Experiment | None:
        """An experiment by its name, if there is one."""
        return reading.experiment_by_name(self._tracker(), name)

    def rename_experiment(self, experiment_id: str, new_name: str) -> None:
        """Give an experiment another name."""
        changes.rename_experiment(self._tracker(), experiment_id, new_name)

    def delete_experiment(self, experiment_id: str) -> None:
        """Put an experiment and its runs into the trash."""
        changes.delete_experiment(self._tracker(), experiment_id)

    def restore_experiment(self, experiment_id: str) -> None:
        """Take an experiment, and the runs that went with it, out of the trash."""
        changes.restore_experiment(self._tracker(), experiment_id)

    def set_experiment_tag(self, experiment_id: str, key: str, value: Any) -> None:
        """Set a tag of an experiment."""
        changes.set_experiment_tags(self._tracker(), experiment_id, {key: rules.tag_value(value)})

    def delete_experiment_tag(self, experiment_id: str, key: str) -> None:
        """Remove a tag of an experiment."""
        changes.set_experiment_tags(self._tracker(), experiment_id, {key: None})

    def search_experiments(
        self,
        view_type: int = ViewType.ACTIVE_ONLY,
        max_results: int | None = EXPERIMENTS_OF_A_PAGE,
        filter_string: str | None = None,
        order_by: list[str] | None = None,
        page_token: str | None = None,
    ) -> PagedList[Experiment]:
        """A page of the experiments that a filter lets pass; its `token` asks for the next one. Raises FilterError."""

        def find(limit: int, offset: int) -> list[Experiment]:
            view = rules.view(view_type)
            return reading.search_experiments(self._tracker(), view, filter_string, order_by, limit, offset)

        return paged(find, max_results or EXPERIMENTS_OF_A_PAGE, page_token)

    def _tracker(self) -> Tracker:
        return destination.current_tracker() if self._uri is None else tracker(self._uri)

    def _run(self, run_id: str) -> ActiveRun:
        return active_runs.run_of_store(self._tracker(), rules.run_id(run_id))

    def _set_status(self, run: ActiveRun, status: str, end_time: int | None = None) -> None:
        wanted = rules.run_status(status)
        at = None if end_time is None else rules.timestamp(end_time)
        if wanted.ended:
            active_runs.finish(run, wanted, at)
        else:
            run.set_status(wanted)


def _wait(run: ActiveRun, synchronous: bool | None) -> None:
    if synchronous:
        run.flush()


MlflowClient = Client
