"""The media type of a file by its name: the same on every machine, whatever the system knows of types."""

from __future__ import annotations

import mimetypes
from functools import cache
from pathlib import PurePosixPath

#: What is not known by its name.
UNKNOWN = "application/octet-stream"
# Beside what Python itself knows. Those registered at iana.org/assignments/media-types, else what is in common use.
_BY_ENDING = {
    "arrow": "application/vnd.apache.arrow.file",
    "ckpt": "application/octet-stream",
    "feather": "application/vnd.apache.arrow.file",
    "gz": "application/gzip",
    "bz2": "application/x-bzip2",
    "xz": "application/x-xz",
    "zst": "application/zstd",
    "7z": "application/x-7z-compressed",
    "ipynb": "application/x-ipynb+json",
    "joblib": "application/x-pickle",
    "jsonl": "application/jsonl",
    "keras": "application/x-keras",
    "log": "text/plain",
    "markdown": "text/markdown",
    "md": "text/markdown",
    "ndjson": "application/jsonl",
    "npy": "application/x-npy",
    "npz": "application/x-npz",
    "onnx": "application/x-onnx",
    "orc": "application/vnd.apache.orc",
    "parquet": "application/vnd.apache.parquet",
    "pickle": "application/x-pickle",
    "pkl": "application/x-pickle",
    "pt": "application/x-pytorch",
    "pth": "application/x-pytorch",
    "safetensors": "application/x-safetensors",
    "skops": "application/x-skops",
    "toml": "application/toml",
    "ts": "text/plain",
    "webm": "video/webm",
    "webp": "image/webp",
    "yaml": "application/yaml",
    "yml": "application/yaml",
}
_BY_NAME = {
    "mlmodel": "application/yaml",
    "dockerfile": "text/plain",
    "makefile": "text/plain",
    "license": "text/plain",
}


def media_type(path: str) -> str:
    """The media type, such as `image/png`, of a file with that name; `UNKNOWN` where its name does not tell."""
    name = PurePosixPath(path).name.lower()
    return _BY_NAME.get(name) or _of_ending(PurePosixPath(name).suffix[1:])


@cache
def _of_ending(ending: str) -> str:
    # No files of the system are read, which differ from one to the next.
    return _BY_ENDING.get(ending) or _pythons().types_map[True].get(f".{ending}", UNKNOWN)


@cache
def _pythons() -> mimetypes.MimeTypes:
    return mimetypes.MimeTypes(filenames=())
