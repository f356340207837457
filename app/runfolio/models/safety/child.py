"""The process that a model is loaded in: `python -m runfolio.models.safety.child <limits as JSON>`.

It confines itself before it loads the model.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.models.bytecode import compile_anew
from runfolio.models.safety.answering import answer_all, own_streams
from runfolio.models.safety.confine import confine
from runfolio.previews.limits import limit_processor


def main() -> None:
    """Answer until the input ends."""
    limits = json.loads(sys.argv[1])
    streams = own_streams()
    held = confine(Path.cwd(), memory=limits["memory"], written=limits["written"], network=limits["network"])
    seconds = limits["seconds"] * (os.cpu_count() or 1)
    answer_all(streams, _loaded, told={"held": held}, before=lambda: limit_processor(seconds))


def _loaded(head: Mapping[str, Any]) -> Any:
    from runfolio.models.loading import load_function

    compile_anew(Path(head["folder"]), scratch=str(Path.cwd()))
    return load_function(head["folder"], suppress_warnings=True, model_config=head["config"])


if __name__ == "__main__":
    main()
