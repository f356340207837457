"""Views of the run table: everything about how runs are looked at that can be saved, shared and undone."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from runfolio.core.cell_rules import CellRule, Comparison, Tone
from runfolio.core.chart_page import ChartPage, read_chart_page
from runfolio.core.columns import NAME, Column, SortKey, column_from, column_record, formula
from runfolio.core.compare_options import CompareOptions, read_compare_options
from runfolio.core.errors import InvalidValue
from runfolio.core.filter import RUNS, Subject
from runfolio.core.filter.older import with_units
from runfolio.core.folding import folded_columns
from runfolio.core.ordering import in_places
from runfolio.core.records import RecordReader
from runfolio.core.statistics import Statistic

FORMAT = 2
# In filters of earlier formats, spans without a unit were milliseconds.
SPANS_IN_SECONDS = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FormulaColumn:
    """A column that is computed from others: its name, and the expression as typed."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class View:
    """How runs are looked at.

    Attributes:
        filter: which runs, in the language of filters; empty for all.
        order: the keys of the order, the first one leading; none means the newest first.
        automatic: whether every attribute, param and metric that the runs have values for is a column by itself.
        hidden: columns that are left out all the same.
        added: columns that are shown beside those.
        places: columns in the order that the user gave them; others stay behind the one they follow by nature.
        pinned: those that stay in sight while the others scroll, in order; the names, until the user has chosen.
        group_by: the columns whose values make groups, the outermost first; none means no groups.
        group_except: where any, runs of one group share all params but these; such groups are the innermost ones.
        statistic: what is shown of the numbers of a group.
        nested: whether runs stand beneath those that they are nested in while no order was chosen.
        baseline: the public id of the run that the others are compared with; empty for none.
        heat: columns whose cells are coloured by their values.
        formulas: columns that are computed.
        lower: for metrics whose better direction was chosen by hand: the name, and whether lower is better.
        rules: which cells are marked, by their values; of a column's rules the first one that fits counts.
        folded: the groups of columns of which only the first one is shown, as `core.folding` names them.
        hidden_runs: the public ids of runs that charts leave out.
        only_runs: where there are any, charts show these runs and no others.
        compare: what is chosen for the page on which runs are compared.
        chart_page: how the page of charts is arranged.
        saved: the number of the view of the store that this one was begun from; 0 for none. It is no part of the look:
            views that differ in it alone are equal, and files know nothing of it.
    """

    filter: str = ""
    order: tuple[SortKey, ...] = ()
    automatic: bool = True
    hidden: tuple[Column, ...] = ()
    added: tuple[Column, ...] = ()
    places: tuple[Column, ...] = ()
    pinned: tuple[Column, ...] = (NAME,)
    group_by: tuple[Column, ...] = ()
    group_except: tuple[Column, ...] = ()
    statistic: Statistic = Statistic.MEAN
    nested: bool = True
    baseline: str = ""
    heat: tuple[Column, ...] = ()
    formulas: tuple[FormulaColumn, ...] = ()
    lower: tuple[tuple[str, bool], ...] = ()
    rules: tuple[CellRule, ...] = ()
    folded: tuple[str, ...] = ()
    hidden_runs: tuple[str, ...] = ()
    only_runs: tuple[str, ...] = ()
    compare: CompareOptions = field(default_factory=CompareOptions)
    chart_page: ChartPage = field(default_factory=ChartPage)
    saved: int = field(default=0, compare=False)

    @property
    def grouped(self) -> bool:
        """Whether runs are put into groups."""
        return bool(self.group_by or self.group_except)

    @property
    def nests(self) -> bool:
        """Whether runs stand beneath those that they are nested in: not in groups, nor in an order that was chosen."""
        return self.nested and not (self.order or self.grouped)

    @property
    def directions(self) -> dict[str, bool]:
        """Of metrics whose better direction was chosen by hand, whether lower is better."""
        return dict(self.lower)

    @property
    def subject(self) -> Subject:
        """What the filter can ask for: of runs, and of the computed columns."""
        return RUNS.with_formulas(one.name for one in self.formulas)

    def to_json(self) -> str:
        """The view as a text for files and settings."""
        return json.dumps(
            {
                "format": FORMAT,
                "filter": self.filter,
                "order": [_key_out(key) for key in self.order],
                "automatic": self.automatic,
                **{name: [column_record(one) for one in getattr(self, name)] for name in COLUMN_LISTS},
                "statistic": str(self.statistic),
                "nested": self.nested,
                "baseline": self.baseline,
                "formulas": [{"name": one.name, "text": one.text} for one in self.formulas],
                "lower": self.directions,
                "rules": [_rule_out(one) for one in self.rules],
                "folded": list(self.folded),
                "hidden_runs": list(self.hidden_runs),
                "only_runs": list(self.only_runs),
                "compare": self.compare.to_record(),
                "chart_page": self.chart_page.to_record(),
            },
            ensure_ascii=False,
        )


COLUMN_LISTS = ("hidden", "added", "places", "pinned", "group_by", "group_except", "heat")


def read_view(text: str) -> tuple[View, list[str]]:
    """The view that a text holds, with what could not be understood, each named; the rest of it stands.

    Raises:
        InvalidValue: it is no view, or one of a later version.
    """
    try:
        given = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidValue("This is no view: it is not JSON.") from error
    if not isinstance(given, dict) or not isinstance(given.get("format"), int):
        raise InvalidValue("This is no view: it does not say its format.")
    if given["format"] > FORMAT:
        raise InvalidValue("This view was saved by a later version of Runfolio.", "Update Runfolio to open it.")
    reader, usual = RecordReader(given), View()
    compare = RecordReader(given.get("compare", {}), reader.problems, "compare")
    view = View(
        filter=reader.text("filter"),
        order=reader.listed("order", _key_in),
        automatic=given.get("automatic") is not False,
        **{name: reader.listed(name, column_from, getattr(usual, name)) for name in COLUMN_LISTS},
        statistic=_statistic(reader),
        nested=given.get("nested") is not False,
        baseline=reader.text("baseline"),
        formulas=reader.listed("formulas", lambda one: FormulaColumn(str(one["name"]), str(one["text"]))),
        lower=_pairs(reader, "lower"),
        rules=reader.listed("rules", _rule_in),
        folded=reader.listed("folded", _text_in),
        hidden_runs=reader.listed("hidden_runs", _text_in),
        only_runs=reader.listed("only_runs", _text_in),
        compare=read_compare_options(compare),
        chart_page=read_chart_page(RecordReader(given.get("chart_page", {}), reader.problems, "chart_page")),
        saved=0,
    )
    if given["format"] < SPANS_IN_SECONDS:
        view = replace(view, filter=with_units(view.filter, view.subject))
    return view, reader.problems


def shown_columns(view: View, natural: Iterable[Column]) -> tuple[Column, ...]:
    """The columns of a view in order; `natural` are those that the runs have values for, in theirs."""
    return tuple(columns_with_folded(view, natural))


def columns_with_folded(view: View, natural: Iterable[Column]) -> dict[Column, tuple[Column, ...]]:
    """The columns of a view in order, each with those that it stands for because their group is folded."""
    ordered = columns_in_order(view, natural)
    pinned = [column for column in ordered if column in view.pinned]
    return {**dict.fromkeys(pinned, ()), **folded_columns(ordered[len(pinned) :], view.folded)}


def columns_in_order(view: View, natural: Iterable[Column]) -> tuple[Column, ...]:
    """The columns of a view in order, those of folded groups too."""
    hidden, added, held = map(frozenset, (view.hidden, view.added, view.pinned))
    own = [column for column in natural if view.automatic or column in added]
    computed = (formula(one.name, one.text) for one in view.formulas)
    kept = [column for column in (*own, *computed, *view.added) if column not in hidden or column in held]
    placed = in_places(list(dict.fromkeys(kept)), view.places)
    # A view that was written by hand may name a column twice.
    pinned = [column for column in dict.fromkeys(view.pinned) if column in placed]
    # As the runs have them: a view may know a param from the time when it was a number.
    pinned = [placed[placed.index(column)] for column in pinned]
    return (*pinned, *(column for column in placed if column not in pinned))


def _statistic(reader: RecordReader) -> Statistic:
    given = reader.text("statistic")
    if given and given not in set(Statistic):
        reader.complain(f"statistic: {given[:80]}")
    return Statistic(given) if given in set(Statistic) else Statistic.MEAN


def _pairs(reader: RecordReader, name: str) -> tuple[tuple[str, bool], ...]:
    value = reader.given.get(name, {})
    if isinstance(value, dict):
        return tuple((key, bool(chosen)) for key, chosen in value.items())
    reader.complain(f"{name}: not an object")
    return ()


def _key_out(key: SortKey) -> dict[str, Any]:
    return {**column_record(key.column), "down": key.descending, "first": key.nulls_first}


def _key_in(given: Any) -> SortKey:
    return SortKey(column_from(given), bool(given.get("down", False)), bool(given.get("first", False)))


def _rule_out(rule: CellRule) -> dict[str, Any]:
    return {**column_record(rule.column), "is": str(rule.comparison), "than": rule.value, "tone": str(rule.tone)}


def _rule_in(given: Any) -> CellRule:
    value = given["than"]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("a rule compares with a number or a text")
    return CellRule(column_from(given), Comparison(given["is"]), value, Tone(given["tone"]))


def _text_in(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError("a group of columns is a text")
    return given
