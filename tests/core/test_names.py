"""Random names of runs: short, speakable, and apart from the user's random numbers."""

from __future__ import annotations

import random
import re

from runfolio.core import rules
from runfolio.core.names import random_name


def test_a_name_is_two_words_and_a_number() -> None:
    for _ in range(200):
        name = random_name()
        assert re.fullmatch(r"[a-z]+-[a-z]+-\d\d?", name)
        assert rules.key(name) == name


def test_a_seeded_script_still_gets_various_names_and_its_own_random_numbers() -> None:
    random.seed(1)
    expected = random.random()
    names = set()
    for _ in range(50):
        random.seed(1)
        names.add(random_name())
        assert random.random() == expected
    assert len(names) > 25
