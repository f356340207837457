"""A model's process, `python -m runfolio.serving.worker`: its first question names the model, others are requests."""

from __future__ import annotations

import signal
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runfolio.models.safety.answering import own_streams
from runfolio.previews.frames import read_frame, write_frame
from runfolio.serving.worker.answering import Answering


def main() -> None:
    """Answer until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # it ends with its parent, which lets it answer what it has begun
    questions, answers = own_streams()
    frame = read_frame(questions)
    if frame is None:
        return
    try:
        answering = Answering(_loaded(frame[0]), debug=bool(frame[0].get("debug")))
    except BaseException as error:  # whatever a model's code does
        told = {"error": f"{type(error).__name__}: {error}", "trace": traceback.format_exc()}
        write_frame(answers, told)
        return
    write_frame(answers, {"ready": True})
    while (frame := read_frame(questions)) is not None:
        head, blobs = frame
        replies = answering.answers(list(zip(head["types"], blobs, strict=True)))
        heads = [[int(reply.status), reply.type] for reply in replies]
        write_frame(answers, {"replies": heads}, [reply.body for reply in replies])


def _loaded(head: Mapping[str, Any]) -> Any:
    """The model as a function; MLflow loads it in an environment that has it and not what Runfolio needs."""
    folder = Path(head["folder"])
    if head.get("mlflow"):
        import mlflow.pyfunc

        return mlflow.pyfunc.load_model(str(folder))
    from runfolio.models.loading import as_function
    from runfolio.models.model import Model

    return as_function(folder, Model.from_dict(head["model"]), head.get("config"))


if __name__ == "__main__":
    main()
