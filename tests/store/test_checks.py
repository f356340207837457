"""Health checks in a store: what is due, found, kept, shown, filtered, sorted and muted."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from runfolio.core.cell_rules import Tone
from runfolio.core.checks import Verdict
from runfolio.core.columns import CHECKS, Column, Kind, SortKey, Source
from runfolio.core.errors import InvalidValue, NotFound
from runfolio.store import Store
from runfolio.store.checks import EVERY_RUN, due, due_among, keep, look, mute, told
from runfolio.store.garbage import collect_garbage
from runfolio.store.operations import set_tag
from runfolio.store.run_order import run_ids
from runfolio.store.run_query import RunQuery
from runfolio.store.search import find_runs
from runfolio.store.table import rows
from runfolio.store.trash import delete_runs
from runfolio.store.watch import changes_since, current_revision
from tests.store.script import Script

GIT = {"mlflow.source.git.commit": "abc", "mlflow.source.git.dirty": "False"}
FALLING = [2.0 * 0.95**place for place in range(60)]


@pytest.fixture
def script(store: Store) -> Iterator[Script]:
    with Script(store) as script:
        yield script


def run_of(script: Script, name: str = "a run", *, ends: bool = True, lr: str = "1", **series: list[float]) -> int:
    """A run whose code is known, with these metrics."""
    run = script.start(name=name)
    script.params(run, {"lr": lr})
    script.tags(run, GIT)
    for key, values in series.items():
        script.log(run, key, values)
    if ends:
        script.end(run)
    script.take()
    return script.number(run)


def check(store: Store, *numbers: int) -> list[int]:
    return keep(store, [one for run in numbers if (one := look(store, run)) is not None])


def verdict(store: Store, run: int, column: Column = CHECKS) -> Verdict | None:
    cell = rows(store, [run], [column])[run].cells[0]
    assert cell is None or isinstance(cell, Verdict)
    return cell


def test_runs_that_have_ended_are_due_until_they_were_looked_at_the_newest_first(store: Store, script: Script) -> None:
    first, second = run_of(script), run_of(script)
    going = run_of(script, ends=False)
    assert due(store, 10) == [second, first]
    assert due(store, 1) == [second]
    assert due(store, 10, below=second) == [first]
    check(store, first)
    assert due(store, 10) == [second]
    assert due_among(store, [first, second, going, 999]) == [second]


def test_a_run_that_changes_is_due_again(store: Store, script: Script) -> None:
    run = run_of(script)
    check(store, run)
    set_tag(store, run, "a", "b")
    assert due(store, 10) == [run]


def test_what_changed_while_it_was_looked_at_is_not_missed(store: Store, script: Script) -> None:
    run = run_of(script)
    looked = look(store, run)
    assert looked is not None
    set_tag(store, run, "a", "b")
    keep(store, [looked])
    assert due(store, 10) == [run]


def test_a_cell_shows_the_worst_and_how_many(store: Store, script: Script) -> None:
    run = run_of(script, loss=[*FALLING, float("nan")])
    assert verdict(store, run) is None
    check(store, run)
    cell = verdict(store, run)
    assert cell is not None
    assert cell.text == "✕ 3"
    assert cell.names == "nan, no_lock, no_validation"
    only = verdict(store, run, Column(Source.CHECK, "nan", Kind.TEXT))
    assert only is not None
    assert only.sentences == "✕ loss is NaN from step 60 on"
    assert verdict(store, run, Column(Source.CHECK, "overfit", Kind.TEXT)) == Verdict()


def test_curves_of_any_length_are_judged_by_all_of_their_points(store: Store, script: Script) -> None:
    values = [2.0 * 0.9995**place for place in range(9000)]
    values[7000] = 50.0
    run = run_of(script, loss=values, val=[1.0])
    looked = look(store, run)
    assert looked is not None
    assert "loss spikes at step 7,000 (0.0604 → 50)" in [one.text for one in looked.findings]


def test_runs_are_found_by_what_checks_say(store: Store, script: Script) -> None:
    bad, fair, unseen = run_of(script, loss=[1.0, float("nan")]), run_of(script, loss=FALLING), run_of(script)
    check(store, bad, fair)

    def ids(text: str) -> set[int]:
        return set(find_runs(store, filter=text))

    assert ids("check:nan") == ids("checks.nan = 'bad'") == ids("checks.any = 'bad'") == {bad}
    assert ids("check:any") == {bad, fair}
    assert ids("not check:any") == {unseen}
    assert ids("check:no_validation") == {fair}
    assert ids("check:final_only") == set()


def test_runs_are_sorted_by_how_bad_it_is(store: Store, script: Script) -> None:
    bad, one, unseen, two = (
        run_of(script, loss=[1.0, float("nan")]),
        run_of(script, val=FALLING),
        run_of(script),
        run_of(script, loss=FALLING, x=[1.0]),
    )
    check(store, bad, one, two)
    assert run_ids(store, RunQuery(sort=(SortKey(CHECKS, descending=True),))).tolist() == [bad, two, one, unseen]


def test_muting_a_check_of_a_run_silences_it_there_only_and_can_be_undone(store: Store, script: Script) -> None:
    first, second = run_of(script, val=FALLING), run_of(script, val=FALLING)
    check(store, first, second)
    outcome = mute(store, first, "no_lock")
    assert outcome.text == "Muted in this run: No environment lock"
    assert set(find_runs(store, filter="check:no_lock")) == {second}
    assert verdict(store, first) == Verdict()
    assert "no_lock" in told(store, first).muted
    assert outcome.inverse is not None
    outcome.inverse(store)
    assert set(find_runs(store, filter="check:no_lock")) == {first, second}
    assert not told(store, first).muted


def test_muting_a_check_everywhere_tells_other_windows_of_the_runs_concerned(store: Store, script: Script) -> None:
    first, second, sound = run_of(script, val=FALLING), run_of(script, val=FALLING), run_of(script)
    check(store, first, second)
    before = current_revision(store)
    outcome = mute(store, EVERY_RUN, "no_lock")
    changes = changes_since(store, before)
    assert changes.checked == {first, second}
    assert not changes.runs
    assert find_runs(store, filter="check:any") == []
    assert told(store, sound).everywhere == {"no_lock"}
    assert outcome.inverse is not None
    outcome.inverse(store)
    assert len(find_runs(store, filter="check:no_lock")) == 2


def test_muting_twice_is_undone_by_nothing_and_wrong_names_are_refused(store: Store, script: Script) -> None:
    run = run_of(script)
    mute(store, run, "nan")
    assert mute(store, run, "nan").inverse is None
    with pytest.raises(InvalidValue):
        mute(store, run, "nonsense")
    with pytest.raises(NotFound):
        mute(store, 999, "nan")


def test_what_is_told_of_a_run_is_up_to_date_before_it_is_kept(store: Store, script: Script) -> None:
    run = run_of(script, ends=False, loss=FALLING)
    assert [one.check for one in told(store, run).findings] == ["final_only", "no_lock", "no_validation"]
    check(store, run)
    script.log(script_id(store, run), "val", [1.0])
    script.take()
    assert [one.check for one in told(store, run).findings] == ["final_only", "no_lock"]


def script_id(store: Store, run: int) -> str:
    return rows(store, [run], [])[run].run_id


def test_a_duplicate_names_the_run_that_was_first_in_whichever_order_they_are_looked_at(
    store: Store, script: Script
) -> None:
    first, second = run_of(script, "first"), run_of(script, "second")
    other = run_of(script, "other", lr="2")
    assert check(store, other, second) == []
    assert check(store, first) == [second]
    assert due(store, 10) == [second]
    assert check(store, second) == []
    assert find_runs(store, filter="check:duplicate") == [second]
    (one,) = [one for one in told(store, second).findings if one.check == "duplicate"]
    assert one.text == "same params, code, data and script as first"
    assert due(store, 10) == []


def test_a_duplicate_is_found_when_the_run_that_began_first_was_taken_in_last(store: Store, script: Script) -> None:
    later = run_of(script, "later")
    with Script(store) as other:
        other.now = script.now - 3_600_000
        earlier = run_of(other, "earlier")
    assert earlier > later
    assert check(store, later) == []
    assert check(store, earlier) == [later]
    assert check(store, later) == []
    assert find_runs(store, filter="check:duplicate") == [later]


def test_runs_that_are_gone_leave_nothing_behind(store: Store, script: Script) -> None:
    run = run_of(script, loss=FALLING)
    looked = look(store, run)
    assert looked is not None
    keep(store, [looked])
    mute(store, run, "nan")
    delete_runs(store, [run])
    assert due(store, 10) == []
    collect_garbage(store)
    assert keep(store, [looked]) == []
    assert look(store, run) is None
    assert told(store, run).findings == ()


def test_findings_are_good_and_bad(store: Store, script: Script) -> None:
    run = run_of(script, val=FALLING)
    check(store, run)
    assert [(one.tone, one.check) for one in told(store, run).findings] == [
        (Tone.OK, "final_only"),
        (Tone.WARN, "no_lock"),
    ]
