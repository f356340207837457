"""The process that reads files: answers questions from its input, one after another, until that ends.

`python -m runfolio.previews.child [--cold]`. Whatever a file does to a question, the next one is answered.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import sys
import threading
import traceback
from contextlib import suppress
from importlib import import_module
from typing import Any, BinaryIO

from runfolio.core.errors import CannotShow, UserError
from runfolio.previews.frames import BrokenFrame, read_frame, write_frame
from runfolio.previews.kept import Kept
from runfolio.previews.limits import MEMORY, limit_memory, limit_processor
from runfolio.previews.records import Question, pack, unpack

#: What takes long to load, in the order of how often it is wanted; loaded while nothing is asked. Some questions are a
#: window's own: where there is none, they are missing, and nobody asks them.
WARMED = (
    "numpy",
    "runfolio.previews.text",
    "runfolio.gui.viewers.text_questions",
    "runfolio.gui.viewers.picture_questions",
    "runfolio.previews.table.questions",
    "pyarrow.parquet",
    "yaml",
)
#: The argument by which nothing of that is loaded before it is wanted.
COLD = "--cold"
Frame = tuple[Any, list[bytes]]


def main() -> None:
    """Answer until the input ends."""
    questions, answers = _own_streams()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it ends with the window, which sees to that
    limit_memory(MEMORY)
    waiting: queue.SimpleQueue[Frame | None] = queue.SimpleQueue()
    threading.Thread(target=_take, args=(questions, waiting), daemon=True).start()
    kept, warmed = Kept(), [] if COLD in sys.argv else list(WARMED)
    while (frame := _next(waiting, warmed)) is not None:
        packed, blobs = answer(frame, kept)
        try:
            write_frame(answers, packed, blobs)
        except OSError:  # nobody is left who would read it
            break
    # What libraries do at the end, such as joining their threads, is of no use to anyone.
    os._exit(0)


def answer(frame: Frame, kept: Kept) -> tuple[Any, list[bytes]]:
    """What a question is answered: its number with the answer, or with why there is none."""
    number, blobs = frame[0][0], list[bytes]()
    try:
        question = unpack(frame[0][1], frame[1])
        if not isinstance(question, Question):
            raise TypeError(f"{type(question).__name__} is no question")
        limit_processor(question.seconds)
        return [number, pack(question.answer(kept), blobs)], blobs
    except UserError as error:
        return [number, None, error.message, error.hint, ""], []
    except MemoryError:
        kept.clear()
        gc.collect()
        return [number, None, "To show this takes more memory than a preview may have.", "", ""], []
    except RecursionError:
        return [number, None, "It is nested too deeply to be shown.", "", ""], []
    except Exception as error:  # the fault is ours, and told as such; the next question is another one
        return [number, None, f"The preview failed: {type(error).__name__}: {error}", "", traceback.format_exc()], []


def unpacked(frame: Frame) -> Any:
    """The other side: the answer. Raises CannotShow with the reason if there is none."""
    content = frame[0]
    if len(content) == 2:
        return unpack(content[1], frame[1])
    raise CannotShow(*content[2:])


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Input and output for the questions alone: what a library prints goes where errors go."""
    answers = os.fdopen(os.dup(1), "wb")
    questions = os.fdopen(os.dup(0), "rb")
    os.dup2(2, 1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    return questions, answers


def _take(questions: BinaryIO, waiting: queue.SimpleQueue[Frame | None]) -> None:
    try:
        while (frame := read_frame(questions)) is not None:
            waiting.put(frame)
    except (BrokenFrame, OSError):
        pass  # whoever asks is gone in the middle of a question
    waiting.put(None)


def _next(waiting: queue.SimpleQueue[Frame | None], warmed: list[str]) -> Frame | None:
    """The next question; until there is one, what will be wanted is loaded."""
    while warmed:
        try:
            return waiting.get_nowait()
        except queue.Empty:
            with suppress(ImportError):  # an extra that is not installed
                import_module(warmed.pop(0))
    return waiting.get()


if __name__ == "__main__":
    main()
