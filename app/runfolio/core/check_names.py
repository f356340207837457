"""The names of the health checks, as filters and menus have them."""

from __future__ import annotations

from types import MappingProxyType

#: What each looks for, by its name, in the order they are told.
TITLES = MappingProxyType(
    {
        "final_only": "Only final values",
        "no_lock": "No environment lock",
        "uncommitted": "Code that is not committed",
        "nan": "Values that are not finite",
        "unstable": "Divergence and spikes",
        "overfit": "Over-fitting",
        "plateau": "Plateau",
        "no_validation": "No validation metric",
        "duplicate": "Duplicate of another run",
    }
)
#: Stands for whichever there is.
ANY = "any"
NAMES = (ANY, *TITLES)
