"""Figures and images as files of a run."""

from __future__ import annotations

import io
import os
import uuid
from pathlib import PurePosixPath
from typing import Any

from runfolio.client import files
from runfolio.client.active_run import ActiveRun
from runfolio.core import rules
from runfolio.core.clock import now_ms
from runfolio.core.errors import InvalidValue
from runfolio.core.paths import artifact_path

#: The most pixels of the small copy's side.
SMALL = 256


def log_figure(run: ActiveRun, figure: Any, artifact_file: str, save_kwargs: dict[str, Any] | None = None) -> None:
    """Store a matplotlib figure in the format of the suffix, or a plotly figure as HTML or image."""
    suffix = PurePosixPath(artifact_path(artifact_file)).suffix.lstrip(".").lower() or "png"
    options = save_kwargs or {}
    if hasattr(figure, "savefig"):
        data = _drawn(figure, artifact_file, {"format": suffix, **options})
    elif hasattr(figure, "to_html"):
        data = figure.to_html(**options).encode() if suffix == "html" else figure.to_image(format=suffix, **options)
    else:
        raise InvalidValue(f"A figure must be matplotlib's or plotly's, not {type(figure).__name__}.")
    files.log_bytes(run, data, artifact_file)


def log_image(
    run: ActiveRun,
    image: Any,
    artifact_file: str | None = None,
    key: str | None = None,
    step: int | None = None,
    timestamp: int | None = None,
) -> None:
    """Store an image under a name, or as one of a series by key and step, named as MLflow does."""
    if artifact_file is not None and key is None:
        name = artifact_path(artifact_file)
    elif artifact_file is None and key is not None:
        name = _series_name(rules.key(key), rules.step(step), timestamp)
    else:
        raise InvalidValue("log_image needs either artifact_file or key.")
    suffix = PurePosixPath(name).suffix.lstrip(".").lower()
    picture = _picture(image)
    files.log_bytes(run, _encoded(picture, {"jpg": "jpeg", "": "png"}.get(suffix, suffix)), name)
    if key is not None:
        files.log_bytes(run, _encoded(reduced(picture), "webp"), name.removesuffix(".png") + "+compressed.webp")
        run.set_tags({"mlflow.loggedImages": True})


def is_image(value: Any) -> bool:
    """Whether a value is a picture: PIL's, or an `Image`."""
    kind = type(value)
    return isinstance(value, Image) or (hasattr(value, "convert") and kind.__module__.startswith("PIL."))


def reduced(image: Any) -> Any:
    """A copy of a picture that is at most 256 pixels wide and high, as MLflow stores beside each of a series."""
    picture = _picture(image).copy()
    picture.thumbnail((SMALL, SMALL))
    return picture


class Image:
    """A picture of an array, a PIL image or a file, for cells of tables."""

    def __init__(self, image: Any) -> None:
        if isinstance(image, (str, os.PathLike)):
            import PIL.Image

            with PIL.Image.open(image) as opened:
                opened.load()
                image = opened
        self.image = _picture(image)

    def to_pil(self) -> Any:
        """The PIL image."""
        return self.image

    def to_array(self) -> Any:
        """The pixels."""
        import numpy as np

        return np.array(self.image)


def _drawn(figure: Any, name: str, options: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    try:
        figure.savefig(buffer, **options)
    except ValueError as error:  # no such format, or something in the figure that cannot be drawn
        raise InvalidValue(f"The figure cannot be written to {name!r}: {error}.") from error
    return buffer.getvalue()


def _encoded(picture: Any, form: str) -> bytes:
    buffer = io.BytesIO()
    try:
        picture.save(buffer, format=form)
    except (KeyError, OSError, ValueError) as error:  # no such format, or one without transparency
        raise InvalidValue(f"The image cannot be written as {form}: {error}.", "Use a name ending in .png.") from error
    return buffer.getvalue()


def _series_name(key: str, step: int, timestamp: int | None) -> str:
    at = now_ms() if timestamp is None else rules.timestamp(timestamp)
    # A key may have slashes, a file name not: MLflow writes '~' for them.
    return f"images/{key.replace('/', '~')}+step+{step}+timestamp+{at}+{uuid.uuid4()}.png".replace(":", "_")


def _picture(image: Any) -> Any:
    """A PIL image of an image or array: height x width (x 1, 3 or 4), integers 0-255, booleans or floats 0-1."""
    import numpy as np
    import PIL.Image

    if isinstance(image, Image):
        return image.image
    if isinstance(image, PIL.Image.Image):
        return image
    array = np.asarray(image)
    if not array.ndim:
        raise InvalidValue(f"An image must be an array or a PIL image, not {type(image).__name__}.")
    if array.ndim == 3 and array.shape[2] == 1:
        array = array[:, :, 0]
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or not array.size:
        raise InvalidValue(f"An image must be height x width (x 1, 3 or 4), not {' x '.join(map(str, array.shape))}.")
    return PIL.Image.fromarray(_as_bytes(array))


def _as_bytes(array: Any) -> Any:
    import numpy as np

    if array.dtype.kind not in "bifuO":
        raise InvalidValue(f"An image's values are numbers, not {array.dtype}.")
    low, high = (float(array.min()), float(array.max())) if array.dtype != bool else (0.0, 1.0)
    limit = 255.0 if np.issubdtype(array.dtype, np.integer) else 1.0
    if not (low >= 0 and high <= limit):  # NaN fails both
        raise InvalidValue(f"The image's values must be from 0 to {limit:g}; they are from {low:g} to {high:g}.")
    return array.astype(np.uint8) if limit == 255.0 else (array * 255).astype(np.uint8)
