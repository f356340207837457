"""What `torch.save` pickles by: cloudpickle, under the names that PyTorch looks for. MLflow's has the same content."""

from __future__ import annotations

from pickle import Unpickler

from cloudpickle import CloudPickler as Pickler
from cloudpickle import dump, dumps, load, loads

__all__ = ["Pickler", "Unpickler", "dump", "dumps", "load", "loads"]
