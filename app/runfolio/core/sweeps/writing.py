"""A sweep as YAML that is read as the same one; what is as it is by default is left out."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import yaml

from runfolio.core.sweeps.records import Dimension, Method, Pruning, StopRules, Sweep
from runfolio.core.sweeps.spec import KEYS, PRUNING, RANGE, STOP


def write_sweep(sweep: Sweep) -> str:
    """A sweep as people would write it."""
    written = _changed(sweep, Sweep((), ""), KEYS)
    written |= {"metric": sweep.metric, "goal": sweep.goal, "method": str(sweep.method)}
    written["space"] = {one.name: _dimension(one) for one in sweep.space}
    written["trials"] = sweep.trials
    if sweep.method is Method.GRID and not sweep.trials:
        del written["trials"]
    if sweep.fixed:
        written["fixed"] = {name: _Text(value) for name, value in sweep.fixed.items()}
    for key, part, default, keys in (
        ("stop", sweep.stop, StopRules(), STOP),
        ("pruning", sweep.pruning, Pruning(), PRUNING),
    ):
        if part == default:
            written.pop(key, None)
        else:
            written[key] = _changed(part, default, keys)
    if sweep.pruning != Pruning():
        written["pruning"] = {"method": sweep.pruning.method} | written["pruning"]
    ordered = {key: written[key] for key in KEYS if key in written}
    return yaml.dump(ordered, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def _changed(part: Any, default: Any, keys: tuple[str, ...]) -> dict[str, Any]:
    names = {one.name for one in fields(part)} & set(keys)
    return {key: value for key in keys if key in names and (value := getattr(part, key)) != getattr(default, key)}


def _dimension(one: Dimension) -> Any:
    if one.values:
        return [_Text(value) for value in one.values]
    return {"low": one.low, "high": one.high} | _changed(one, Dimension(one.name), RANGE[2:])


_PLAIN = tuple(f"tag:yaml.org,2002:{kind}" for kind in ("int", "float", "bool"))


class _Text(str):
    """A value of a command line, which needs no quotes to be read as it is, be it a number."""

    __slots__ = ()


class _Dumper(yaml.SafeDumper):
    """Writes numbers without quotes where they are texts to us, and escapes line breaks."""

    def ignore_aliases(self, data: Any) -> bool:
        """Nobody writes anchors: what is there twice is written twice."""
        return True


def _as_text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, None if value.isprintable() else '"')


def _tag(dumper: Any, text: str) -> str:
    """What YAML takes a text without quotes for."""
    return str(dumper.resolve(yaml.ScalarNode, text, (True, False)))


def _as_value(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    tag = _tag(dumper, value)
    return dumper.represent_scalar(tag, value) if tag in _PLAIN and ":" not in value else _as_text(dumper, value)


def _plain(value: float) -> float:
    """A whole number without a point, if it is not large."""
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def _as_float(dumper: _Dumper, value: float) -> yaml.ScalarNode:
    text = repr(_plain(value))
    return dumper.represent_scalar(_tag(dumper, text), text)


_Dumper.add_representer(_Text, _as_value)
_Dumper.add_representer(str, _as_text)
_Dumper.add_representer(float, _as_float)
