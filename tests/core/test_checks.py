"""Health checks on made-up runs of both kinds: what is wrong is found and told, and what is sound is left alone."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.cell_rules import Tone
from runfolio.core.check_names import TITLES
from runfolio.core.checks import CHECKS, Facts, Verdict, check_run
from runfolio.core.checks.captured import signature
from runfolio.core.curves import Floats
from runfolio.core.entities import Dataset, DatasetInput
from runfolio.core.packages import Lock
from runfolio.core.patches import read_patch
from runfolio.core.states import RunStatus
from tests.core.curves_of import RUN, facts_of

SIZES = (20, 60, 300, 5000)


def found(facts: Facts) -> dict[str, str]:
    """What is wrong, by check."""
    return {one.check: one.text for one in check_run(facts) if one.tone is not Tone.OK}


def decay(size: int, speed: float = 4.0, low: float = 0.2, high: float = 2.3) -> Floats:
    return low + (high - low) * np.exp(-np.linspace(0, 1, size) * speed)


def noisy(rng: np.random.Generator, values: Floats, sigma: float) -> Floats:
    return np.asarray(values * np.exp(rng.normal(0, sigma, len(values))), np.float64)


def sound(rng: np.random.Generator, size: int) -> dict[str, Floats]:
    """A training as it should be: of any speed, with a step or restarts of the learning rate, more or less noisy."""
    base = decay(size, rng.uniform(1, 6), rng.uniform(0.01, 0.5), rng.uniform(1, 8))
    place = np.arange(size)
    base = (
        base * [np.ones(size), np.where(place > size * 0.6, 0.7, 1), 1 + 0.4 * (1 - place % 25 / 25)][rng.integers(3)]
    )
    sigma = rng.choice([0, 0.01, 0.05, 0.2])
    score = 1 - 0.9 * base / base.max() * np.exp(rng.normal(0, min(sigma / 4, 0.1), size))
    held_out = noisy(rng, base * rng.uniform(1, 1.4) + 0.05, sigma / 2)
    return {"train/loss": noisy(rng, base, sigma), "val/loss": held_out, "val/acc": score}


@pytest.mark.parametrize("size", SIZES)
def test_a_sound_training_is_left_alone(size: int) -> None:
    told = [found(facts_of(sound(np.random.default_rng(seed), size))) for seed in range(60 if size < 1000 else 15)]
    # Noise may always look like something once; a check that speaks up more often than that is worth nothing.
    assert sum(map(bool, told)) <= len(told) // 50, [one for one in told if one]


def test_restless_but_sound_curves_are_left_alone() -> None:
    rng = np.random.default_rng(3)
    heavy = decay(2000) * np.exp(rng.laplace(0, 0.3, 2000))
    warm = np.concatenate([np.linspace(2.3, 2.6, 20), decay(200, high=2.6)])
    for loss in (heavy, warm, np.full(100, 0.5), np.linspace(2, 1, 100)):
        assert not found(facts_of({"loss": loss, "val/acc": np.linspace(0.1, 0.9, len(loss))})).keys() - {"plateau"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("sigma", [0, 0.03])
def test_over_fitting_is_seen_with_where_it_begins(size: int, sigma: float) -> None:
    rng, place = np.random.default_rng(1), np.linspace(0, 1, size)
    turning = noisy(rng, decay(size, 6, 0.3) + 1.2 * np.clip(place - 0.5, 0, None), sigma)
    facts = facts_of({"train/loss": noisy(rng, decay(size, 3, 0.02), sigma), "val/loss": turning}, every=100)
    (one,) = [one for one in check_run(facts) if one.check == "overfit"]
    assert one.metric == "val/loss"
    assert one.tone is Tone.WARN
    assert one.step is not None
    assert abs(one.step - 50 * size) <= 15 * size
    assert one.text.startswith("val/loss rising since step ")
    assert one.text.endswith(" while train/loss falls: possible overfit")


def test_a_score_that_falls_while_the_loss_does_is_over_fitting() -> None:
    place = np.linspace(0, 1, 60)
    score = 0.9 - 0.8 * np.exp(-8 * place) - 0.4 * np.clip(place - 0.4, 0, None)
    assert "val_acc falling since step" in found(facts_of({"loss": decay(60, 3), "val_acc": score}))["overfit"]


def test_a_held_out_loss_that_rises_with_the_training_is_no_over_fitting() -> None:
    place = np.linspace(0, 1, 100)
    both = decay(100, 6, 0.3) + 1.5 * np.clip(place - 0.5, 0, None)
    assert "overfit" not in found(facts_of({"train/loss": both, "val/loss": both + 0.1}))


@pytest.mark.parametrize("size", SIZES)
def test_a_loss_that_runs_away_diverges(size: int) -> None:
    loss = decay(size, 5)
    half = size // 2
    loss[half:] = loss[half] * np.exp(np.linspace(0, 5, size - half))
    one = next(one for one in check_run(facts_of({"train/loss": loss})) if one.check == "unstable")
    assert one.tone is Tone.BAD
    assert one.step is not None
    assert abs(one.step - half) <= size // 10
    assert "training diverges" in one.text


def test_a_spike_is_told_with_its_height() -> None:
    loss = noisy(np.random.default_rng(1), decay(400), 0.05)
    loss[300] = 9.0
    text = found(facts_of({"loss": loss, "val/acc": 1 - decay(400)}, every=10))["unstable"]
    assert text.startswith("loss spikes at step 3,000 (0.")
    assert text.endswith("→ 9)")


@pytest.mark.parametrize("key", ["d_loss", "policy_loss", "val/loss", "lr", "time"])
def test_losses_that_need_not_fall_do_not_diverge(key: str) -> None:
    assert "unstable" not in found(facts_of({key: np.linspace(0.1, 5, 60), "val/x": [1.0]}))


@pytest.mark.parametrize("size", SIZES)
def test_a_plateau_is_told_from_where_on(size: int) -> None:
    place = np.linspace(0, 1, size)
    loss = noisy(np.random.default_rng(2), 0.2 + 2 * np.clip(1 - place / 0.25, 0, None), 0.005)
    one = next(one for one in check_run(facts_of({"val/loss": loss})) if one.check == "plateau")
    assert one.step is not None
    assert abs(one.step - 0.25 * size) <= 0.1 * size
    assert "has not improved since step" in one.text


def test_a_metric_that_still_gets_better_is_on_no_plateau() -> None:
    for speed in (0.5, 2, 4):
        assert "plateau" not in found(facts_of({"val/loss": decay(100, speed)}))
    assert "plateau" not in found(facts_of({"val/acc": np.full(100, 1.0)}))


@pytest.mark.parametrize(
    ("values", "tone", "text"),
    [
        ([1.0, 2.0, math.nan, math.nan], Tone.BAD, "loss is NaN from step 20 on"),
        ([1.0, math.inf, 2.0, 1.0], Tone.WARN, "loss is not finite at 1 point, first ∞ at step 10"),
        ([math.nan, 1.0, math.nan, 1.0], Tone.WARN, "loss is not finite at 2 points, first NaN at step 0"),
    ],
)
def test_values_that_are_not_finite_are_told_with_the_first_step(values: list[float], tone: Tone, text: str) -> None:
    one = next(one for one in check_run(facts_of({"loss": values, "a": [1.0]}, every=10)) if one.check == "nan")
    assert (one.tone, one.text, one.metric) == (tone, text, "loss")


def test_only_final_values_are_told_and_a_curve_is_good_news() -> None:
    assert found(facts_of({"acc": [0.9], "f1": [0.8]}))["final_only"] == (
        "only final values logged: each of the 2 metrics has 1 point"
    )
    assert found(facts_of({"acc": [0.9]}))["final_only"].endswith("the metric has 1 point")
    assert "final_only" not in found(facts_of({"acc": [0.9]}, children=3))
    assert "final_only" not in found(facts_of({}))
    news = [one.text for one in check_run(facts_of({"val/loss": decay(60)}, run=replace(RUN, params={"epochs": "60"})))]
    assert news == ["learning curve logged every epoch", "environment lock complete (2 packages)"]
    assert check_run(facts_of({"val/loss": decay(60)}))[0].text == "learning curve logged every step"
    assert check_run(facts_of({"val/loss": decay(60)}, every=100))[0].text == "learning curve logged every 100 steps"


@pytest.mark.parametrize(
    ("series", "missing"),
    [
        ({"train/loss": 60}, True),
        ({"loss": 60}, True),
        ({"train/acc": 60}, True),
        ({"loss": 60, "val_loss": 1}, False),
        ({"loss": 60, "testAcc": 1}, False),
        ({"acc": 60}, False),
        ({"loss": 60, "episode_reward": 60}, False),
        ({"loss": 2}, False),
    ],
)
def test_a_training_without_held_out_data_is_told(series: dict[str, int], missing: bool) -> None:
    values = {key: decay(size) for key, size in series.items()}
    assert ("no_validation" in found(facts_of(values))) is missing


PATCH = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n@@ -1 +1 @@\n-a\n+b\n"


@pytest.mark.parametrize(
    ("tags", "patch", "text"),
    [
        ({}, None, "no git commit recorded"),
        ({"mlflow.source.git.commit": "a"}, None, None),
        ({"mlflow.source.git.dirty": "True"}, None, "no git commit recorded"),
        (
            {"mlflow.source.git.commit": "a", "mlflow.source.git.dirty": "True"},
            PATCH,
            "ran on changes that are not committed (1 file, kept as a patch)",
        ),
        (
            {"mlflow.source.git.commit": "a", "mlflow.source.git.dirty": "True"},
            "# not in git: a.py\n# not in git: b.py\n",
            "ran on changes that are not committed (2 files not in git)",
        ),
    ],
)
def test_code_that_cannot_be_found_again_is_told(tags: dict[str, str], patch: str | None, text: str | None) -> None:
    facts = facts_of({}, run=replace(RUN, tags=tags), patch=None if patch is None else read_patch(patch))
    assert found(facts).get("uncommitted") == text


def test_a_missing_lock_is_told() -> None:
    assert found(facts_of({}, lock=None))["no_lock"].startswith("environment lock missing")
    assert found(facts_of({}, lock=Lock("3.11", {})))["no_lock"].startswith("environment lock missing")
    assert "no_lock" not in found(facts_of({}, lock=None, run=replace(RUN, parent_run_id="r0")))


def test_a_duplicate_names_the_other_run() -> None:
    assert found(facts_of({}, twin="brave-otter"))["duplicate"] == "same params, code, data and script as brave-otter"


DATA = DatasetInput(Dataset("cifar", "d1", "local", "x"))
WITH = replace(RUN, params={"lr": "1"}, source="train.py")


@pytest.mark.parametrize(
    "other",
    [
        replace(WITH, params={"lr": "2"}),
        replace(WITH, source="test.py"),
        replace(WITH, tags={"mlflow.source.git.commit": "def"}),
        replace(WITH, tags={**WITH.tags, "runfolio.command": "python train.py --seed 1"}),
        replace(WITH, experiment=2),
    ],
)
def test_runs_that_differ_in_anything_have_other_signatures(other: Any) -> None:
    assert signature(WITH, [DATA], None) != signature(other, [DATA], None) != ""


def test_a_signature_depends_on_data_and_patch_and_not_on_tags_of_users() -> None:
    dirty = replace(WITH, tags={"mlflow.source.git.commit": "a", "mlflow.source.git.dirty": "True"})
    assert signature(WITH, [DATA], None) == signature(
        replace(WITH, name="x", tags={**WITH.tags, "a": "b"}), [DATA], None
    )
    assert signature(WITH, [DATA], None) != signature(WITH, [], None)
    assert signature(dirty, [], "one") != signature(dirty, [], "two")


@pytest.mark.parametrize(
    "run",
    [
        replace(WITH, params={}),
        replace(WITH, tags={}),
        replace(WITH, parent_run_id="r0"),
        replace(WITH, status=RunStatus.FAILED),
        replace(WITH, tags={**WITH.tags, "mlflow.source.git.dirty": "True"}),
    ],
)
def test_what_cannot_be_known_has_no_signature(run: Any) -> None:
    assert signature(run, [], None) == ""


NAMES = st.sampled_from(["loss", "train/loss", "val/loss", "val/acc", "acc", "f1", "reward", "x", "system/cpu"])
VALUES = st.lists(st.floats(), min_size=1, max_size=60) | st.builds(
    lambda start, size: [start * 0.9**place for place in range(size)], st.floats(-1e300, 1e300), st.integers(1, 400)
)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.integers(1, 10**12))
def test_no_series_makes_a_check_fail(series: dict[str, list[float]], every: int) -> None:
    for one in check_run(facts_of(series, every)):
        assert one.check in TITLES
        assert one.text[0] != "("
        assert len(one.text) < 200
        assert one.metric in ("", *series)


def test_every_check_has_a_name_and_a_title() -> None:
    assert list(CHECKS) == list(TITLES)


def test_a_verdict_shows_the_worst_and_how_many() -> None:
    nothing = Verdict()
    assert (nothing.text, nothing.names) == ("✓", "ok")
    some = Verdict(tuple(one for one in check_run(facts_of({"loss": [1.0, math.nan]}, lock=None)) if one.tone != "ok"))
    assert some.tone is Tone.BAD
    assert some.text == f"✕ {len(some.findings)}"
    assert "no_lock" in some.names
    assert "✕ loss is NaN from step 1 on" in some.sentences
