"""The best value of runs, where it is known which way is better."""

from __future__ import annotations

from runfolio.store import Store
from runfolio.store.best import best_value
from tests.store.script import Script


def test_a_best_is_told_only_where_it_is_known_which_way_is_better(store: Store) -> None:
    with Script(store) as script:
        script.log(script.start(), "huge", [1e17, 1.235e17])
        script.take()
        assert best_value(store, (), {}) is None
        assert best_value(store, (), {"huge": True}) == ("huge", 1e17)
        script.log(script.start(experiment="other"), "loss", [0.5, 0.25])
        script.take()
        assert best_value(store, (), {}) == ("loss", 0.25)
        assert best_value(store, (1,), {}) is None
        script.finish()
