"""Filters as earlier versions wrote them, brought to what they mean now."""

from __future__ import annotations

from typing import Any

from runfolio.core.errors import FilterError
from runfolio.core.filter.build import Builder
from runfolio.core.filter.fields import Subject, is_span
from runfolio.core.filter.grammar import described, parser
from runfolio.core.filter.parse import parsed
from runfolio.core.filter.times import seconds_ms, span_or_seconds


def with_units(text: str, subject: Subject) -> str:
    """A filter whose spans without a unit are milliseconds, as they were at first, with their units.

    All else stays as it was typed, and so does a filter that cannot be read.
    """
    if "duration" not in text:
        return text
    try:
        tree, builder = parsed(text, "filter", parser(), described), Builder(text, subject)
        compared = tree.find_pred(lambda part: part.data in ("comparison", "listing"))
        spans = [part for part in compared if is_span(builder.operand(part.children[0]))]
    except FilterError:
        return text
    numbers: list[Any] = [one for part in spans for one in part.children if getattr(one, "type", "") == "NUMBER"]
    for one in sorted(numbers, key=lambda one: one.start_pos, reverse=True):
        text = text[: one.start_pos] + span_or_seconds(seconds_ms(float(one) / 1000)) + text[one.end_pos :]
    return text
