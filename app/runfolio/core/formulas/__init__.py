"""Formulas: columns that are computed from others. Text in, a typed tree out, and its values for many runs at once."""

from runfolio.core.formulas.evaluate import Fault as Fault
from runfolio.core.formulas.evaluate import Given as Given
from runfolio.core.formulas.evaluate import Result as Result
from runfolio.core.formulas.evaluate import evaluate as evaluate
from runfolio.core.formulas.parse import parse_formula as parse_formula
from runfolio.core.formulas.tree import Formula as Formula
from runfolio.core.formulas.tree import Reference as Reference
