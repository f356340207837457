"""Runfolio as a process in another environment finds it: this package, without what is installed beside it.

Whatever version of a library that environment has is the one that counts. This folder's parent is on its path.
"""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    raise ImportError("Runfolio logs from Python 3.11 on; this is Python %d.%d." % sys.version_info[:2])

_place = Path(__file__).resolve().parents[3]
__path__ = [str(_place)]
__file__ = str(_place / "__init__.py")
if __spec__ is not None and __spec__.submodule_search_locations is not None:
    __spec__.submodule_search_locations[:] = __path__
exec(compile(Path(__file__).read_text(encoding="utf-8"), __file__, "exec"))
