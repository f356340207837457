"""Learning curves: a grid of linked charts, one for each metric. The only part that imports pyqtgraph."""
