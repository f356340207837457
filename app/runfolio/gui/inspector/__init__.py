"""The inspector: everything about one run, on the right of the window."""

from runfolio.gui.inspector.panel import Inspector as Inspector
