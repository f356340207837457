"""The type of a file by its name."""

from __future__ import annotations

import pytest

from runfolio.core.media_types import UNKNOWN, media_type


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a/b.PNG", "image/png"),
        ("model.safetensors", "application/x-safetensors"),
        ("MLmodel", "application/yaml"),
        ("table.csv", "text/csv"),
        ("train.py", "text/x-python"),
        ("data.tar.gz", "application/gzip"),
        ("clip.mp4", "video/mp4"),
        ("index.html", "text/html"),
        ("a.png/raw", UNKNOWN),
        (".gitignore", UNKNOWN),
        ("x.ckpt", UNKNOWN),
    ],
)
def test_types(name: str, kind: str) -> None:
    assert media_type(name) == kind
