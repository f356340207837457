"""Which files of runs belong together, and what can be said of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.file_facts import FileFact, Held, Slot, held, slots_of, to_be_read

paths = st.sets(st.sampled_from(["a.png", "s_1.png", "s_2.png", "s_3.png", "x/1.txt", "m.bin"]))
sizes = st.lists(st.dictionaries(st.sampled_from("abcd").map(lambda name: (name, None)), st.integers(0, 2)), max_size=4)


@given(st.lists(paths, min_size=1, max_size=3))
def test_every_file_has_a_place_and_no_two_of_a_run_the_same(runs: list[set[str]]) -> None:
    for files, slots in zip(runs, slots_of(runs), strict=True):
        assert sorted(slots.values()) == sorted(files)
    together = {slot[0] for slots in slots_of(runs) for slot in slots if slot[1] is not None}
    assert together == ({"s_#.png"} if len({p for run in runs for p in run if p.startswith("s_")}) > 1 else set())


@given(sizes)
def test_only_files_as_large_as_the_first_run_s_are_read(runs: list[dict[Slot, int]]) -> None:
    wanted = to_be_read(runs)
    assert len(wanted) == len(set(wanted))
    for number, of_run in enumerate(runs):
        others = runs[1:] if number == 0 else runs[:1]
        for slot, size in of_run.items():
            assert ((number, slot) in wanted) == any(other.get(slot) == size for other in others)


def test_what_is_the_same() -> None:
    def one(size: int, digest: str = "") -> Held:
        return Held({None: FileFact("a", size, digest)})

    assert one(1, "x").is_same(one(1, "x")) is True
    assert one(1, "x").is_same(one(1, "y")) is False and one(1).is_same(one(2)) is False
    assert one(1).is_same(one(1, "x")) is None
    series = held({("s", 1): FileFact("s1", 5, "x"), ("s", 2): FileFact("s2", 5, "y"), ("t", None): FileFact("t", 3)})
    assert series["s"].text == "2 pictures, 10 B" and series["t"].text == "3 B"
    assert series["s"].is_same(Held({1: FileFact("s1", 5, "x")})) is False
