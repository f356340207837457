"""Shapes of ONNX models, as the format's own bytes have them."""

from __future__ import annotations

from pathlib import Path

from runfolio.previews.onnx_graph import read_model


def part(number: int, *inner: bytes) -> bytes:
    """A message within another, as field of that number."""
    data = b"".join(inner)
    return bytes([number << 3 | 2, len(data)]) + data


def test_an_open_dimension_is_no_zero(tmp_path: Path) -> None:
    sizes = part(1), part(1, part(2, b"batch")), part(1, b"\x08\x04"), part(1, b"\x08\x00")
    value = part(11, part(1, b"x"), part(2, part(1, b"\x08\x01", part(2, *sizes))))
    (tmp_path / "a.onnx").write_bytes(b"\x08\x08" + part(7, value))
    assert read_model(str(tmp_path / "a.onnx")).inputs[0].shape == "? × batch × 4 × 0"
