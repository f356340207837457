"""A model's process, `python -m runfolio.serving.worker`: its first question names the model, others are requests."""

from __future__ import annotations

import os
import select
import signal
import threading
import time
import traceback
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from runfolio.models.mlmodel import MLmodel
from runfolio.models.safety.answering import own_streams
from runfolio.previews.frames import read_frame, write_frame
from runfolio.serving.worker.answering import Answering
from runfolio.serving.worker.together import looks_at_rows

#: Seconds that the model has to come to an end once nobody is left to ask it.
PATIENCE = 2.0


def main() -> None:
    """Answer until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends with its parent, which lets it answer what it has begun
    questions, answers = own_streams()
    threading.Thread(target=_end_with, args=(questions,), name="end", daemon=True).start()
    frame = read_frame(questions)
    if frame is None:
        return
    try:
        answering, by_row = _loaded(frame[0])
    except BaseException as error:  # whatever a model's code does
        told = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        write_frame(answers, told)
        return
    write_frame(answers, {"ready": True, "by_row": by_row})
    while (frame := read_frame(questions)) is not None:
        head, blobs = frame
        replies = answering.answers(list(zip(head["types"], blobs, strict=True)))
        heads = [[int(reply.status), reply.type] for reply in replies]
        write_frame(answers, {"replies": heads}, [reply.body for reply in replies])


def _end_with(questions: BinaryIO) -> None:
    """End this process a while after nobody is left to ask, also where the model does not come back by itself."""
    if not hasattr(select, "poll"):  # Windows has nothing that waits for the end of a pipe and takes nothing from it
        return
    watching = select.poll()
    watching.register(questions, 0)  # of its end it is told anyway
    watching.poll()
    time.sleep(PATIENCE)
    os._exit(1)


def _loaded(head: Mapping[str, Any]) -> tuple[Answering, bool]:
    """What answers, and whether requests go together; MLflow loads the model where it is there and Runfolio is not.

    The signature is held to by the same rules in either case.
    """
    folder, debug = Path(head["folder"]), bool(head.get("debug"))
    if head.get("mlflow"):
        import mlflow.pyfunc

        loaded = mlflow.pyfunc.load_model(str(folder))
        return Answering(MLmodel.from_dict(head["model"]), partial(_by_mlflow, loaded), debug=debug), False
    from runfolio.models.loading import as_function
    from runfolio.models.model import Model

    model = Model.from_dict(head["model"])
    function = as_function(folder, model, head.get("config"))
    by_row = looks_at_rows(model, function.get_raw_model)
    return Answering(model, function.predict_enforced, by_row=by_row, debug=debug), by_row


def _by_mlflow(loaded: Any, data: Any, params: Any) -> Any:
    return loaded.predict(data) if params is None else loaded.predict(data, params=params)


if __name__ == "__main__":
    main()
