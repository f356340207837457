"""The process that a model is loaded in: `python -m runfolio.models.safety.child <limits as JSON>`.

It confines itself, loads the model that the first question names, and answers the others until its input ends.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any, BinaryIO

from runfolio.models.bytecode import compile_anew
from runfolio.models.safety.confine import confine
from runfolio.previews.frames import BrokenFrame, read_frame, write_frame
from runfolio.previews.limits import limit_processor

Frame = tuple[Any, list[bytes]]


def main() -> None:
    """Answer until the input ends."""
    limits = json.loads(sys.argv[1])
    questions, answers = _own_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its parent, which sees to that
    held = confine(Path.cwd(), memory=limits["memory"], written=limits["written"], network=limits["network"])
    waiting: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(questions, waiting), daemon=True).start()
    model: Any = None
    while True:
        head, blobs = waiting.get()
        limit_processor(limits["seconds"] * (os.cpu_count() or 1))
        packed: dict[str, Any]
        given: list[bytes] = []
        try:
            if model is None:
                model = _loaded(head)
                packed = {"held": held}
            else:
                packed = {"answer": _answer(model, head, blobs, given)}
        # Whatever the model, its library or its author's code does: it is told to whoever asked.
        except BaseException as error:
            packed, given = {"error": f"{type(error).__name__}: {error}"}, []
        write_frame(answers, packed, given)


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for the questions alone: what the model prints goes where errors go."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return questions, answers


def _take(questions: BinaryIO, waiting: queue.SimpleQueue[Frame]) -> None:
    """Take questions, also while one is being answered; end at once when nobody is left to ask any."""
    try:
        while (frame := read_frame(questions)) is not None:
            waiting.put(frame)
    except (BrokenFrame, OSError):
        pass
    os._exit(0)


def _loaded(head: dict[str, Any]) -> Any:
    from runfolio.models.loading import load_function

    compile_anew(Path(head["folder"]), scratch=str(Path.cwd()))
    return load_function(head["folder"], suppress_warnings=True, model_config=head["config"])


def _answer(model: Any, head: dict[str, Any], blobs: list[bytes], given: list[bytes]) -> Any:
    from runfolio.models.safety.handing import pack, unpack

    data = unpack(head["data"], blobs)
    return pack(model.predict(data, head["params"]) if head["params"] else model.predict(data), given)


if __name__ == "__main__":
    main()
