"""Short names for what several views use of Qt and numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex

# Runs, by the store's numbers, in the order of the table.
Ids = NDArray[np.int64]
Index = QModelIndex | QPersistentModelIndex
# The index of no row: the parent of what stands at the top.
NOWHERE = QModelIndex()
