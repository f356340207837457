"""Logged tables: rows that are added to under one name, in MLflow's format, JSON or Parquet."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from runfolio.client import files, media, reading
from runfolio.client.active_run import ActiveRun
from runfolio.client.tracker import Tracker
from runfolio.core.errors import EnvironmentProblem, InvalidValue, NotFound
from runfolio.core.folder import ARTIFACTS
from runfolio.core.paths import artifact_path

if TYPE_CHECKING:
    import pandas

#: The tag that names a run's tables: `[{"path": "eval.json", "type": "table"}]`.
TAG = "mlflow.loggedArtifacts"
FORMATS = (".json", ".parquet")


def log_table(data: Any, artifact_file: str, run: ActiveRun) -> None:
    """Store rows, or add them to those stored. Images in cells become files beside the table.

    Raises:
        InvalidValue: the data is no table, or the name ends in neither .json nor .parquet.
    """
    name = _checked(artifact_file)
    added = _with_images_as_files(_frame(data), run)
    with run.rewriting:  # of two threads, one would write without the rows of the other
        files.log_bytes(run, _written(_behind_stored(added, run, name), name), name)
        known = _tables_in(run.data.tags.get(TAG, "[]"))
        mark = {"path": name, "type": "table"}
        if mark not in known:
            run.set_tags({TAG: json.dumps([*known, mark])})


def _behind_stored(added: pandas.DataFrame, run: ActiveRun, name: str) -> pandas.DataFrame:
    import pandas

    try:
        stored = run.folder / name
    except FileNotFoundError:  # nor can it be written then, which is told
        return added
    if not stored.is_file():
        return added
    return pandas.concat([_read(stored.read_bytes(), name), added], ignore_index=True)


def _tables_in(tag: str) -> list[Any]:
    """What the tag names; nothing if a script has set it to something else."""
    try:
        found = json.loads(tag)
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def load_table(
    target: Tracker,
    experiments: Sequence[int],
    artifact_file: str,
    run_ids: Sequence[str] | None = None,
    extra_columns: Sequence[str] | None = None,
) -> pandas.DataFrame:
    """The tables of that name of runs, below each other, with columns of what is known of each run.

    Raises:
        NotFound: none of the runs has the table.
        InvalidValue: a column is asked for that no run has.
    """
    import pandas

    from runfolio.store import bulk, search

    name, store = _checked(artifact_file), target.opened_store()
    if run_ids:
        numbers = [reading.number_of_run(target, one) for one in run_ids]
    else:
        numbers = search.find_runs(store, experiments=experiments, filter=f"tags.`{TAG}` IS NOT NULL")
    known = pandas.DataFrame(bulk.read_frame(store, numbers))
    if missing := [column for column in extra_columns or () if column not in known.columns]:
        raise InvalidValue(f"The runs have no column {missing[0]!r}.", f"They have {', '.join(known.columns)}.")
    found = []
    for row in known.to_dict("records"):
        file = target.folder / ARTIFACTS / str(row["run_id"]) / name
        if file.is_file():
            table = _read(file.read_bytes(), name)
            found.append(table.assign(**{column: row[column] for column in extra_columns or ()}))
    if not found:
        raise NotFound(f"None of the runs has the table {name!r}.")
    return pandas.concat(found, ignore_index=True)


def _checked(name: str) -> str:
    inside = artifact_path(name)
    if PurePosixPath(inside).suffix not in FORMATS:
        raise InvalidValue(f"The table {name!r} must be a .json or .parquet file.")
    return inside


def _frame(data: Any) -> pandas.DataFrame:
    import pandas

    if isinstance(data, pandas.DataFrame):
        return data
    if not isinstance(data, Mapping):
        raise InvalidValue(f"A table is a dictionary of columns or a pandas table, not {type(data).__name__}.")
    try:
        return pandas.DataFrame(data)
    except ValueError:  # values, not columns: one row
        return pandas.DataFrame([data])


def _with_images_as_files(table: pandas.DataFrame, run: ActiveRun) -> pandas.DataFrame:
    import pandas

    for name, column in table.items():
        if column.dtype == object and any(media.is_image(value) for value in column):
            stored = [_image_cell(value, run) if media.is_image(value) else value for value in column]
            table = table.copy(deep=False)
            table[name] = pandas.Series(stored, index=table.index, dtype=object)
    return table


def _image_cell(image: Any, run: ActiveRun) -> dict[str, str]:
    path, small = f"images/{uuid.uuid4()}.png", f"images/{uuid.uuid4()}.webp"
    media.log_image(run, image, path)
    media.log_image(run, media.reduced(image), small)
    return {"type": "image", "filepath": path, "compressed_filepath": small}


def _written(table: pandas.DataFrame, name: str) -> bytes:
    if name.endswith(".json"):
        text = table.to_json(orient="split", index=False, date_format="iso", default_handler=str)
        return str(text).encode(errors="backslashreplace")
    with _parquet_support():
        return bytes(table.to_parquet(index=False))


def _read(content: bytes, name: str) -> pandas.DataFrame:
    """A stored table. Raises InvalidValue if it is none."""
    import io

    import pandas

    try:
        if name.endswith(".parquet"):
            with _parquet_support():
                return pandas.read_parquet(io.BytesIO(content))
        given = json.loads(content)
        return pandas.DataFrame(given["data"], columns=given["columns"])
    except (ValueError, KeyError, TypeError, OSError, RecursionError) as error:
        raise InvalidValue(f"The file {name!r} is no logged table: {error}.") from error


@contextmanager
def _parquet_support() -> Iterator[None]:
    """Says what to install where pandas cannot read or write Parquet."""
    try:
        yield
    except ImportError as error:
        raise EnvironmentProblem("Parquet files need pyarrow.", "pip install 'runfolio[parquet]'") from error
