"""Short names for types that several views use."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, QPersistentModelIndex

# Runs, by the store's numbers, in the order of the table.
Ids = NDArray[np.int64]
Index = QModelIndex | QPersistentModelIndex
