"""Friendly names for runs that were given none: `brave-otter-42`."""

from __future__ import annotations

import random

ADJECTIVES = (
    "amber agile bold brave bright brisk calm clever crisp daring eager early fair fleet fond frank gentle glad golden "
    "grand happy hardy keen kind light lively loyal lucid mellow merry mild neat nimble noble patient placid proud "
    "quick quiet rapid sage sharp silent silver smart smooth solid spry steady still stout sunny swift tidy vivid "
    "warm wise witty young zesty"
).split()
ANIMALS = (
    "badger bear beaver bison crane crow deer dolphin dove eagle egret falcon finch fox gecko goose hare hawk heron "
    "ibex ibis jackal jay kite koi lark lemur lion lynx marten mole moose newt okapi orca osprey otter owl panda "
    "pika puffin quail raven robin seal shrew skua sloth stork swan swift tapir tern toad trout viper vole walrus "
    "weasel whale wolf wren yak zebra"
).split()
# A generator of our own: a user's random.seed() must neither be disturbed nor make all runs bear one name.
_choices = random.SystemRandom()


def random_name() -> str:
    """A new name; not unique, for the run's id is what identifies it."""
    return f"{_choices.choice(ADJECTIVES)}-{_choices.choice(ANIMALS)}-{_choices.randrange(100)}"
