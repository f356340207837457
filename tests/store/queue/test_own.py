"""What others have put into a queue is neither run nor ended by itself: a store may come from anybody."""

from __future__ import annotations

from pathlib import Path

import pytest

from runfolio.core.errors import EnvironmentProblem
from runfolio.core.queue.records import JobKind, JobState
from runfolio.core.settings import FILE_VARIABLE, settings_file
from runfolio.store import Store
from runfolio.store.queue import changing, own, reading, starting, working

REQUEST = {"uri": "somewhere", "needs": {"cpu": 1.0}}


def somebody_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From now on, who asks is another person."""
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "other" / "settings.toml"))


def test_what_waits_is_run_by_who_has_put_it_there_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job, _ = changing.enqueue(store, JobKind.RUN, "mine", REQUEST)
    assert [one.id for one in reading.waiting_jobs(store, 10)] == [job] and starting.is_due(store)
    somebody_else(monkeypatch, tmp_path)
    assert reading.waiting_jobs(store, 10) == [] and not starting.is_due(store)
    assert reading.get_job(store, job).reason == own.FOREIGN, "and it is said why"
    changing.run_again(store, [job])
    [mine] = reading.waiting_jobs(store, 10)
    assert mine.id != job and mine.reason == ""


def test_what_somebody_else_is_at_work_at_is_left_alone(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    job, _ = changing.enqueue(store, JobKind.RUN, "mine", REQUEST)
    working.begin_job(store, job)
    working.note_job(store, job, state=JobState.RUNNING, process=1, process_started=1.0)
    assert [one.job.id for one in working.left_jobs(store)] == [job] and starting.is_due(store)
    somebody_else(monkeypatch, tmp_path)
    assert working.left_jobs(store) == [] and not starting.is_due(store)


def test_a_request_that_was_changed_behind_our_back_is_nobodys(store: Store) -> None:
    job, _ = changing.enqueue(store, JobKind.RUN, "mine", REQUEST)
    one = reading.get_job(store, job)
    assert own.mark_of(one.kind, {**REQUEST, "needs": {"cpu": 8.0}}) == one.mark, "needs may be chosen later"
    assert own.mark_of(one.kind, {**REQUEST, "uri": "elsewhere"}) != one.mark
    assert own.mark_of(JobKind.SWEEP, REQUEST) != one.mark


def test_the_key_is_for_its_owner_alone_and_where_it_cannot_be_kept_that_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    changing.enqueue(store, JobKind.RUN, "mine", REQUEST)
    assert settings_file().with_name(own.NAME).stat().st_mode & 0o077 == 0
    (tmp_path / "file").touch()
    monkeypatch.setenv(FILE_VARIABLE, str(tmp_path / "file" / "settings.toml"))
    with pytest.raises(EnvironmentProblem, match="cannot be kept"):
        changing.enqueue(store, JobKind.RUN, "mine", REQUEST)
