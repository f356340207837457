"""What a process that holds a model does: it loads the model that the first question names, and answers the others."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from runfolio.models.safety.handing import pack, unpack
from runfolio.previews.frames import BrokenFrame, read_frame, write_frame

Frame = tuple[Any, list[bytes]]
Streams = tuple[BinaryIO, BinaryIO]


def own_streams() -> Streams:
    """Input and output for the questions alone: what the model prints goes where errors go, and it reads nothing."""
    questions, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return questions, answers


def answer_all(
    streams: Streams,
    load: Callable[[Mapping[str, Any]], Any],
    *,
    told: Mapping[str, Any] | None = None,
    before: Callable[[], object] = lambda: None,
) -> None:
    """Answer until the input ends, and end the process then, whatever it is doing.

    Args:
        load: makes an object with `predict` of the first question.
        told: what the first answer says.
        before: called before each.
    """
    questions, answers = streams
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with its parent, which sees to that
    waiting: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(questions, waiting), daemon=True).start()
    model: Any = None
    while True:
        head, blobs = waiting.get()
        before()
        packed: dict[str, Any]
        given: list[bytes] = []
        try:
            if model is None:
                model = load(head)
                packed = dict(told or {})
            else:
                packed = {"answer": _answer(model, head, blobs, given)}
        # Whatever the model, its library or its author's code does: it is told to whoever asked.
        except BaseException as error:
            packed, given = {"error": f"{type(error).__name__}: {error}"}, []
        write_frame(answers, packed, given)


def _take(questions: BinaryIO, waiting: queue.SimpleQueue[Frame]) -> None:
    """Take questions, also while one is being answered; end at once when nobody is left to ask any."""
    try:
        while (frame := read_frame(questions)) is not None:
            waiting.put(frame)
    except (BrokenFrame, OSError):
        pass
    os._exit(0)


def _answer(model: Any, head: Mapping[str, Any], blobs: list[bytes], given: list[bytes]) -> Any:
    data, params = unpack(head["data"], blobs), head["params"]
    return pack(model.predict(data) if params is None else model.predict(data, params=params), given)
