"""What an error in a model's environment says is missing there: packages that were not declared, system libraries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runfolio.models.environment import distributions

_LIBRARY = re.compile(
    r"(?P<so>lib[\w+.-]+\.so[\w.]*|[\w+.-]+\.(?:dylib|dll))(?=[:'\"\s,]|$).*?"
    r"(?:cannot open shared object|not found|no such file|image not found|could not be found|cannot load|failed to)",
    re.IGNORECASE | re.DOTALL,
)
_LIBRARY_AFTER = re.compile(
    r"(?:cannot load library|could not find|failed to load|unable to load|library not loaded:)\W*(?P<so>[\w@+./-]+)",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"version [`'](?P<symbols>[A-Z]+[\w.]*_[0-9.]+)' not found")
_WINDOWS = re.compile(r"DLL load failed while importing (?P<module>\w+)")
_MODULE = re.compile(r"No module named '(?P<module>[\w.]+)'")
# Whose package is not called as the module is, where it is not installed here to ask.
_KNOWN = {
    "PIL": "pillow",
    "cv2": "opencv-python-headless",
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "yaml": "PyYAML",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
}


@dataclass(frozen=True, slots=True)
class Blame:
    """What is missing; at most one of the two.

    Attributes:
        package: what pip would install, of a module that is not there.
        library: a library of the system.
    """

    package: str = ""
    library: str = ""

    @property
    def hint(self) -> str:
        """What to do."""
        if self.package:
            return f"Add {self.package} to the model's requirements: extra_pip_requirements=[{self.package!r}]."
        if self.library:
            return f"Install what has {self.library} with the system's own packages; pip has no such thing."
        return ""


def blame(error: Mapping[str, Any]) -> Blame:
    """What is missing by an error as the child process tells it."""
    text = f"{error.get('message', '')}\n{error.get('trace', '')}"
    if symbols := _SYMBOLS.search(text):
        return Blame(library=symbols["symbols"])
    for pattern in (_LIBRARY, _LIBRARY_AFTER):
        if found := pattern.search(str(error.get("message", ""))):
            return Blame(library=found["so"].rpartition("/")[2])
    if found := _WINDOWS.search(text):
        return Blame(library=f"a DLL that {found['module']} needs")
    if found := _MODULE.search(text):
        return Blame(package=package_of(found["module"].partition(".")[0]))
    return Blame()


def package_of(module: str) -> str:
    """The package that has a module: the one that is installed here, else by the name."""
    installed = sorted(distributions.owners([module])[module])
    return installed[0] if installed else _KNOWN.get(module, module)
