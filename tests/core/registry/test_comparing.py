"""Versions beside each other: what differs, and files told apart by their hashes."""

from __future__ import annotations

from dataclasses import replace

from runfolio.core.difference_table import Cell, DifferencePart, Kind, only_different
from runfolio.core.registry.comparing import compare_versions
from runfolio.core.registry.records import ModelFacts, ModelVersion, VersionFile

FACTS = ModelFacts(("sklearn",), (("plan", "string"),), (("0", "long"),), (), True, True, "3.12.1", "3.18.0", "", ())


def version(number: int, auc: float, requirements: tuple[str, ...], **given: object) -> ModelVersion:
    facts = replace(FACTS, requirements=requirements, **given)  # type: ignore[arg-type]
    return ModelVersion(
        number, 1, "churn", number, "None", 0, "", 0, 0, "me", "", "", None, "", "", 10, "", facts,
        {"auc": auc}, {"lr": "0.1"},
    )  # fmt: skip


def cells(parts: tuple[DifferencePart, ...], kind: Kind) -> dict[str, tuple[Cell, ...]]:
    return {line.key: line.cells for part in parts if part.title is kind for line in part.lines}


def test_metrics_environment_and_signature_are_compared_with_the_first_version() -> None:
    one = version(1, 0.9, ("Scikit_Learn==1.4", "numpy"))
    two = version(2, 0.95, ("scikit-learn==1.5", "numpy", "skops>=0.11"), inputs=(("plan", "long"),))
    found = compare_versions([one, two], [[], []], {})
    assert cells(found, Kind.LAST)["auc"][1].better is True
    environment = cells(found, Kind.ENVIRONMENT)
    assert [cell.text for cell in environment["scikit-learn"]] == ["==1.4", "==1.5"]
    assert [cell.text for cell in environment["skops"]] == [None, ">=0.11"]
    assert not environment["numpy"][1].differs and not environment["python"][1].differs
    assert [cell.text for cell in cells(found, Kind.SIGNATURE)["plan"]] == ["string", "long"]
    assert "lr" not in cells(only_different(found), Kind.PARAMS)


def test_files_are_the_same_if_their_hashes_are() -> None:
    same, old, new = (
        VersionFile("MLmodel", 5, "aa" * 32),
        VersionFile("w", 9, "bb" * 32),
        VersionFile("w", 9, "cc" * 32),
    )
    one, two = [same, old, VersionFile("gone", 1, "dd" * 32)], [same, new, VersionFile("here", 1, "ee" * 32)]
    found = cells(compare_versions([version(1, 1, ()), version(2, 1, ())], [one, two], {}), Kind.FILES)
    assert {name: (second.text, second.differs) for name, (_, second) in found.items()} == {
        "MLmodel": ("5 B aaaaaaa", False),
        "w": ("9 B ccccccc changed", True),
        "gone": ("removed", True),
        "here": ("1 B eeeeeee added", True),
    }
