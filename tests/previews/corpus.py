"""Files that are damaged, or made to do harm: each is asked about by every reader, and shown by every viewer."""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ZEROS = 64 * 1024 * 1024


def make_corpus(folder: Path) -> list[Path]:
    """Write all of them into a folder, and return where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {**TEXTS, **binaries()}.items():
        (folder / name).write_bytes(content() if callable(content) else content)
    for name, maker in FILES.items():
        maker(folder / name)
    return sorted(folder.iterdir())


class Running:
    """What runs a command when it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (os.system, ("echo harmed > harmed.txt",))


def picture(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 4096)) + chunk(b"IEND", b"")
    )


def npy(header: str, values: bytes = b"\0" * 64) -> bytes:
    """A file of NumPy's with this heading."""
    text = header.encode()
    return b"\x93NUMPY\x01\0" + struct.pack("<H", len(text)) + text + values


def safetensors(heading: Any, values: bytes = b"\0" * 64) -> bytes:
    """A safetensors file with this heading."""
    text = json.dumps(heading).encode()
    return struct.pack("<Q", len(text)) + text + values


def zipped(entries: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """An archive of these."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def lying_zip() -> bytes:
    """An archive whose directory says that a file has more bytes than any disk."""
    data = bytearray(
        zipped({"a.npy": npy("{'descr': '<f8', 'fortran_order': False, 'shape': (8,), }")}, zipfile.ZIP_STORED)
    )
    place = data.index(b"PK\x01\x02")
    data[place + 20 : place + 28] = struct.pack("<II", 0xFFFFFFF0, 0xFFFFFFF0)
    return bytes(data)


def leaving_tar() -> bytes:
    """An archive of names that leave the folder, links and a device."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("../../up", tarfile.REGTYPE), ("/root", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info, io.BytesIO())
        device = tarfile.TarInfo("device")
        device.type = tarfile.CHRTYPE
        archive.addfile(device)
    return buffer.getvalue()


def laughs(kind: str) -> bytes:
    """What would grow to a thousand million words."""
    if kind == "yaml":
        lines = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
        for one, two in zip("abcdefgh", "bcdefghi", strict=True):
            lines.append(f"{two}: &{two} [{', '.join([f'*{one}'] * 9)}]")
        return "\n".join(lines).encode()
    entities = ['<!ENTITY lol "lol">']
    for number in range(1, 10):
        inner = f"&lol{number - 1};" if number > 1 else "&lol;"
        entities.append(f'<!ENTITY lol{number} "{inner * 10}">')
    return (
        f'<?xml version="1.0"?><!DOCTYPE svg [{"".join(entities)}]>'
        '<svg xmlns="http://www.w3.org/2000/svg"><text>&lol9;</text></svg>'
    ).encode()


def parquet(rows: int = 1000) -> bytes:
    """A good Parquet file; empty where it cannot be written."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return b"PAR1"
    buffer = io.BytesIO()
    pq.write_table(pa.table({"a": list(range(rows)), "b": [f"row {row}" for row in range(rows)]}), buffer)
    return buffer.getvalue()


def pdf(*pages: bytes, more: tuple[bytes, ...] = (), catalog: bytes = b"") -> bytes:
    """A PDF file of pages, each given by what stands in its dictionary; `more` are the objects that follow them."""
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(len(pages)))
    objects = (
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        *(b"<</Type/Page/Parent 2 0 R%s>>" % page for page in pages),
        *more,
    )
    data, places = b"%PDF-1.4\n", []
    for number, inner in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj%sendobj\n" % (number, inner)
    count = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % count + b"".join(b"%010d 00000 n \n" % place for place in places)
    return data + table + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (count, len(data))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """An object of a PDF file that holds bytes."""
    return b"<</Length %d%s>>stream\n%s\nendstream " % (len(content), entries, content)


def _packed_page(content: bytes) -> bytes:
    packed = stream(zlib.compress(content), b"/Filter/FlateDecode")
    return pdf(b"/MediaBox[0 0 500 700]/Contents 4 0 R", more=(packed,))


def _pdf_of_blanks() -> bytes:
    return _packed_page(b" " * ZEROS)


def _pdf_of_lines() -> bytes:
    return _packed_page(b"0 0 m 500 700 l S 0 700 m 500 0 l S\n" * 2_000_000)


def sound(seconds: int, channels: int = 1) -> bytes:
    """Silence."""
    values = bytes(2 * 8000 * seconds)
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, 8000, 16000, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(values)) + values
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def _broken(data: bytes, seed: int, share: float = 0.02) -> bytes:
    """A good file with some bytes changed."""
    random = np.random.default_rng(seed)
    array = np.frombuffer(data, np.uint8).copy()
    places = random.integers(0, len(array), max(1, int(len(array) * share)))
    array[places] = random.integers(0, 256, len(places))
    return array.tobytes()


def _tar_gz_bomb() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", compresslevel=1) as archive:
        info = tarfile.TarInfo("zeros.bin")
        info.size = ZEROS
        archive.addfile(info, io.BytesIO(bytes(ZEROS)))
    return buffer.getvalue()


def _npz_bomb() -> bytes:
    header = npy("{'descr': '<f8', 'fortran_order': False, 'shape': (200000000,), }", b"")
    return zipped(
        {"a.npy": header + bytes(ZEROS), "objects.npy": npy("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")}
    )


def _pytorch() -> bytes:
    return zipped({"model/data.pkl": pickle.dumps(Running()), "model/data/0": bytes(64), "model/version": b"3"})


Content = bytes | Callable[[], bytes]
DEEP = 100_000
TEXTS: dict[str, Content] = {
    "empty.txt": b"",
    "empty.csv": b"",
    "empty.json": b"",
    "empty.yaml": b"",
    "empty.npy": b"",
    "empty.npz": b"",
    "empty.parquet": b"",
    "empty.arrow": b"",
    "empty.safetensors": b"",
    "empty.onnx": b"",
    "empty.zip": b"",
    "empty.ipynb": b"",
    "empty.pkl": b"",
    "empty.png": b"",
    "invalid-utf8.txt": b"good\xff\xfe\x80 bad\n" * 200 + "größer".encode() + b"\xc3(",
    "invalid-utf8.json": b'{"a": "\xff\xfe"}',
    "invalid-utf8.csv": b"a,b\n\xff,\x80\n1,2\n",
    "half-utf16.txt": b"\xff\xfea\0b\0c",
    "utf32.txt": "Zeile\nnoch eine".encode("utf-32"),
    "one-line.txt": b"x" * 5_000_000,
    "one-line.json": b'{"a": "' + b"x" * 2_000_000 + b'"}',
    "no-breaks.csv": b"1,2,3," * 500_000,
    "open-quote.csv": b'a,b\n"never closed,1\n' + b"2,3\n" * 20_000,
    "wide.csv": b",".join(b"%d" % number for number in range(30_000)) + b"\n1,2\n",
    "zeros.csv": b"a,b\n1,\0\0\n2,3\n",
    "returns.csv": b"a,b\r1,2\r3,4\r",
    "deep.json": b"[" * DEEP + b"]" * DEEP,
    "deep-objects.json": b'{"a":' * DEEP + b"1" + b"}" * DEEP,
    "open.json": b'{"a": [1, 2, {"b": ',
    "digits.json": b'{"a": ' + b"9" * 100_000 + b"}",
    "infinite.json": b'{"a": [NaN, Infinity, -Infinity, 1e400]}',
    "surrogates.json": b'{"\\ud800": "\\udfff"}',
    "twice.json": b'{"a": 1, "a": 2}',
    "bomb.yaml": laughs("yaml"),
    "deep.yaml": b"[" * DEEP,
    "cycle.yaml": b"a: &a [*a, *a]",
    "objects.yaml": b"a: !!python/object/apply:os.system ['echo harmed > harmed.txt']\nb: !other {c: 1}\n",
    "keys.yaml": b"? [1, 2]\n: 3\n? {a: b}\n: 4\nnull: 5\n",
    "numbers.yaml": b"a: 190:20:30\nb: 0x" + b"f" * 5000 + b"\nc: 2024-99-99\nd: .inf\ne: !!int nothing\n",
    "wrong-columns.json": b'{"columns": ["a", "b"], "data": [[1], [1, 2, 3], '
    b'[{"type": "image"}, {"type": "image", "filepath": 3}]]}',
    "away.json": b'{"columns": ["a"], "data": [[{"type": "image", "filepath": "../../../etc/passwd"}]]}',
    "laughs.svg": laughs("svg"),
    "garbage.ipynb": b'{"cells": [1, null, {"cell_type": 5, "source": {"a": 1}, "outputs": '
    b'[3, {"data": {"image/png": "????"}}, {"output_type": "error"}]}]}',
    "no-cells.ipynb": b'{"cells": 3}',
    "text.parquet": b"This is no Parquet file, whatever its name says.",
    "text.npy": b"This is no array.",
    "text.png": b"This is no picture.",
    "text.zip": b"This is no archive.",
    "text.onnx": b"This is no model.",
    "text.pkl": b"This is no pickle.",
}


def binaries() -> dict[str, Content]:
    f8 = "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }"
    good = parquet()
    return {
        "random.bin": np.random.default_rng(0).bytes(200_000),
        "random.csv": np.random.default_rng(1).bytes(200_000),
        "random.txt": np.random.default_rng(2).bytes(200_000),
        "huge.png": picture(100_000, 100_000),
        "short.png": picture(300, 300)[:60],
        "lying.png": picture(3000, 3000),
        "objects.npy": npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", pickle.dumps([Running()])),
        "lying.npy": npy(f8 % "(1000000, 1000000)"),
        "negative.npy": npy(f8 % "(-1, 8)"),
        "huge-shape.npy": npy(f8 % ("(" + "9" * 400 + ",)")),
        "many-dimensions.npy": npy(f8 % str((1,) * 200)),
        "code.npy": npy("__import__('os').system('echo harmed > harmed.txt')"),
        "deep.npy": npy("(" * 60_000),
        "no-size.npy": npy("{'descr': '|V0', 'fortran_order': False, 'shape': (999999999,), }"),
        "nothing.npy": npy(f8 % "(0, 5)", b""),
        "scalar.npy": npy(f8 % "()"),
        "records.npy": npy("{'descr': [('a', '<f8'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }"),
        "extreme.npy": npy(f8 % "(4,)", np.array([1.7e308, -1.7e308, np.nan, np.inf]).tobytes()),
        "long-heading.npy": b"\x93NUMPY\x02\0" + struct.pack("<I", 2**32 - 1),
        "bomb.npz": _npz_bomb,
        "lying.npz": lying_zip,
        "no-arrays.npz": zipped({"a.txt": b"a"}),
        "cut.npz": zipped({"a.npy": npy(f8 % "(8,)")})[:90],
        "long-heading.safetensors": struct.pack("<Q", 2**60) + b"{}",
        "lying.safetensors": safetensors({"a": {"dtype": "F32", "shape": [10**12], "data_offsets": [0, 4 * 10**12]}}),
        "beyond.safetensors": safetensors({"a": {"dtype": "F32", "shape": [4], "data_offsets": [10**18, 10**18 + 16]}}),
        "negative.safetensors": safetensors({"a": {"dtype": "F32", "shape": [-4], "data_offsets": [-16, 0]}}),
        "odd.safetensors": safetensors({"a": 3, "b": {"dtype": ["F32"], "shape": "x"}, "__metadata__": [1]}),
        "other.safetensors": safetensors({"a": {"dtype": "F8_E4M3", "shape": [64], "data_offsets": [0, 64]}}),
        "half.safetensors": safetensors({"a": {"dtype": "BF16", "shape": [4, 8], "data_offsets": [0, 64]}}),
        "cut.onnx": b"\x08\x07\x3a\xff\xff\xff\xff\x0f",
        "endless.onnx": b"\xff" * 1000,
        "groups.onnx": b"\x0b\x0c" * 100,
        "cut.parquet": good[: len(good) // 2],
        "garbage.parquet": _broken(good, 3),
        "garbage-2.parquet": _broken(good, 4, 0.1),
        "garbage-3.parquet": b"PAR1" + np.random.default_rng(5).bytes(5000) + b"\xe8\x03\0\0PAR1",
        "long-footer.parquet": good[:-8] + struct.pack("<I", 2**31 - 1) + b"PAR1",
        "garbage.arrow": b"ARROW1\0\0" + np.random.default_rng(6).bytes(5000) + b"ARROW1",
        "stream.arrow": b"\xff\xff\xff\xff" + np.random.default_rng(7).bytes(5000),
        "old.feather": b"FEA1" + bytes(100),
        "bomb.zip": zipped({f"zeros-{number}.bin": bytes(ZEROS) for number in range(2)}),
        "leaving.zip": zipped({"../../up": b"a", "/root": b"b", "C:\\windows": b"c", "a\nb": b"d", "..\\up": b"e"}),
        "many.zip": zipped({f"{number}": b"" for number in range(20_000)}, zipfile.ZIP_STORED),
        "cut.zip": zipped({"a": bytes(1000)})[:80],
        "lying.zip": lying_zip,
        "leaving.tar": leaving_tar,
        "cut.tar": leaving_tar()[:700],
        "bomb.tar.gz": _tar_gz_bomb,
        "bomb.gz": gzip.compress(bytes(ZEROS), 1),
        "cut.gz": gzip.compress(os.urandom(10_000))[:5000],
        "cut.tar.xz": b"\xfd7zXZ\0\0\x04",
        "running.pkl": pickle.dumps(Running()),
        "running.joblib": zlib.compress(pickle.dumps(Running())),
        "running.pt": _pytorch,
        "cut.pkl": pickle.dumps({"a": list(range(1000))})[:500],
        "cut.pdf": pdf(b"/MediaBox[0 0 90 90]")[:120],
        "garbage.pdf": _broken(pdf(*[b"/MediaBox[0 0 90 90]"] * 50), 8),
        "locked.pdf": pdf(b"/MediaBox[0 0 90 90]").replace(b"/Root", b"/Encrypt<</Filter/None/V 9>>/Root"),
        "no-pages.pdf": pdf(),
        "cycle.pdf": pdf(b"").replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
        "counted.pdf": pdf(b"/MediaBox[0 0 90 90]").replace(b"/Count 1", b"/Count 2147483647"),
        "huge-page.pdf": pdf(b"/MediaBox[0 0 1e30 1e30]", b"/MediaBox[0 0 0 0]", b"/MediaBox[9 9 -9 1e9]"),
        "thin-page.pdf": pdf(*[b"/MediaBox[0 0 1 14400]"] * 300),
        "itself.pdf": pdf(
            b"/MediaBox[0 0 90 90]/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>",
            more=(
                stream(b"/A Do /A Do"),
                stream(b"/A Do /A Do", b"/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</A 5 0 R>>>>"),
            ),
        ),
        "running.pdf": pdf(
            b"/MediaBox[0 0 90 90]", catalog=b"/OpenAction<</S/Launch/F(/bin/sh)/P(-c 'echo harmed > harmed.txt')>>"
        ),
        "blanks.pdf": _pdf_of_blanks,
        "lines.pdf": _pdf_of_lines,
        "lying.wav": sound(1)[:22] + b"\xff" * 22 + bytes(2000),
        "no-channels.wav": sound(1, 0),
        "random.mp4": b"\0\0\0 ftypisom" + np.random.default_rng(9).bytes(50_000),
        "long.pkl": b"\x80\x04\x8e" + struct.pack("<Q", 2**62),
        "deep.pkl": b"\x80\x04" + b"]" * 100_000 + b"a" * 99_999 + b".",
    }


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    if hasattr(os, "mkfifo"):
        os.mkfifo(path)


FILES: dict[str, Callable[[Path], None]] = {
    **{f"folder.{ending}": _folder for ending in ("csv", "json", "npy", "parquet", "txt", "zip")},
    **{f"pipe.{ending}": _pipe for ending in ("csv", "json", "npy", "parquet", "png", "txt", "zip", "pkl")},
}
