"""Packages that could not be installed, named by what pip and uv say."""

from __future__ import annotations

import pytest

from runfolio.environments.failures import failing

CASES = {
    "uv, unknown": (
        "error: No solution found when resolving dependencies\n  cause: Because tiny-pkg was not found in the package "
        "registry and you require tiny-pkg==5, we can conclude that your requirements are unsatisfiable.",
        ("tiny-pkg",),
    ),
    "uv, older": (
        "  × No solution found when resolving dependencies:\n  ╰─▶ Because there is no version of six==99 and you\n"
        "      require six==99, we can conclude that your requirements are unsatisfiable.",
        ("six",),
    ),
    "uv, build": ("  × Failed to build `bad-one==1.0`\n  ├─▶ The build backend returned an error", ("bad-one",)),
    "uv, download": ("error: Failed to download `torch==2.4`\n  cause: Connection reset", ("torch",)),
    "uv, conflict": (
        "error: No solution found\n  cause: Because you require six==1.16 and six==1.15, we can conclude that",
        ("six",),
    ),
    "pip, unknown": (
        "ERROR: Could not find a version that satisfies the requirement Tiny_Pkg==5 (from versions: none)\n"
        "ERROR: No matching distribution found for Tiny_Pkg==5",
        ("tiny-pkg",),
    ),
    "pip, wheel": ("  ERROR: Failed building wheel for bad-one\nFailed to build bad-one", ("bad-one",)),
    "pip, project": (
        "ERROR: Failed to build installable wheels for some pyproject.toml based projects (bad-one)",
        ("bad-one",),
    ),
    "pip, conflict": (
        "ERROR: Cannot install six==1.15 and tiny.pkg==2 because these package versions have conflicting dependencies.",
        ("six", "tiny-pkg"),
    ),
    "neither": ("error: No space left on device (os error 28)", ()),
}


@pytest.mark.parametrize("case", CASES)
def test_the_packages_are_named(case: str) -> None:
    words, names = CASES[case]
    assert failing(words, ["six==1.15", "tiny-pkg", "device-tree", "./folder", "--no-binary :all:"]) == names
