"""What the card of a version shows of its metrics: those that the model's policy names, else the telling ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from runfolio.core.direction import HELD_OUT, is_judged, is_known

#: So many are shown where nobody has named any.
MOST = 2


def card_metrics(named: Sequence[str], versions: Sequence[Mapping[str, float]]) -> tuple[str, ...]:
    """The metrics that the cards of a model show, the same ones on each.

    Args:
        named: those of the policy; if there are any, these and no others.
        versions: the metrics of each version.

    Without a policy, what was measured on data that the model had not seen comes first, then what is known to be
    better or worse; among these, what more versions have. What is neither good nor bad, such as `epoch`, is left out.
    """
    if named:
        return tuple(named)
    counts = Counter(name for metrics in versions for name in metrics if is_judged(name, {}))
    ranked = sorted(counts, key=lambda name: (not HELD_OUT.search(name), not is_known(name, {}), -counts[name], name))
    return tuple(ranked[:MOST])
