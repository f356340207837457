"""Where the code of a project comes from: a folder, a zip file or a git repository becomes a folder that can be run."""

from runfolio.projects.sources.fetching import fetch as fetch
from runfolio.projects.sources.source import Source as Source
from runfolio.projects.sources.source import SourceKind as SourceKind
