"""The filter language: text in, a typed tree out; errors point at the character. `store` makes SQL of the tree."""

from runfolio.core.filter.fields import EXPERIMENTS as EXPERIMENTS
from runfolio.core.filter.fields import MODEL_VERSIONS as MODEL_VERSIONS
from runfolio.core.filter.fields import REGISTERED_MODELS as REGISTERED_MODELS
from runfolio.core.filter.fields import RUNS as RUNS
from runfolio.core.filter.fields import Subject as Subject
from runfolio.core.filter.parse import parse_filter as parse_filter
from runfolio.core.filter.parse import parse_order as parse_order
from runfolio.core.filter.write import filter_text as filter_text
