"""Data and answers between a process and a model's: JSON and raw arrays, of which nothing can run.

A value is a piece of JSON that says what it is, with the bytes of its arrays beside it. Tables go column by column and
with their labels, so that what pandas has comes out as it went in, and no reader has to be trusted but NumPy's of plain
buffers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from runfolio.core.errors import InvalidValue

# Types of pandas that know a missing value; `str` is that of pandas 3 for texts.
_NULLABLE = re.compile(r"U?Int(8|16|32|64)|Float(32|64)|boolean|str|string")
# Of booleans, integers, floats, complex numbers, times, bytes and texts.
_KINDS = "biufcmMSU"
Packed = dict[str, Any]


def pack(value: Any, blobs: list[bytes]) -> Packed:
    """What JSON has for a value; the bytes of arrays go to `blobs`. Raises InvalidValue for what has no form."""
    library = type(value).__module__.partition(".")[0]
    if library == "polars" and hasattr(value, "to_dict"):
        import pandas as pd

        value = pd.DataFrame(value.to_dict(as_series=False))
    if hasattr(value, "iloc") and hasattr(value, "columns"):
        columns = [_values(value.iloc[:, number], blobs) for number in range(value.shape[1])]
        labels = {"names": _labels(value.columns, blobs), "index": _labels(value.index, blobs)}
        return {"is": "table", "columns": columns, **labels}
    if hasattr(value, "iloc"):
        index = _labels(value.index, blobs)
        return {"is": "column", "name": _plain(value.name), "index": index, "values": _values(value, blobs)}
    if hasattr(value, "tocsr"):
        parts = value.tocsr()
        arrays = [_array(one, blobs) for one in (parts.data, parts.indices, parts.indptr)]
        return {"is": "sparse", "parts": arrays, "shape": list(parts.shape)}
    if hasattr(value, "detach"):
        value = value.detach().cpu().numpy()
    if hasattr(value, "dtype") and hasattr(value, "ndim") and value.ndim and value.dtype.kind in _KINDS:
        return {"is": "array", **_array(value, blobs)}
    if isinstance(value, Mapping) and any(hasattr(one, "dtype") or hasattr(one, "iloc") for one in value.values()):
        return {"is": "mapping", "values": {str(key): pack(one, blobs) for key, one in value.items()}}
    return {"is": "json", "value": _plain(value)}


def unpack(packed: Packed, blobs: list[bytes]) -> Any:
    """The value. Raises InvalidValue if it is not what it says."""
    try:
        return _unpacked(packed, blobs)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        raise InvalidValue(f"What was handed over is no value: {error}.") from error


def _unpacked(packed: Packed, blobs: list[bytes]) -> Any:
    kind = packed["is"]
    if kind == "json":
        return packed["value"]
    if kind == "array":
        return _read_array(packed, blobs)
    if kind == "mapping":
        return {key: _unpacked(one, blobs) for key, one in packed["values"].items()}
    if kind == "sparse":
        from scipy import sparse

        data, indices, indptr = (_read_array(one, blobs) for one in packed["parts"])
        matrix = sparse.csr_matrix((data, indices, indptr), shape=tuple(packed["shape"]))
        matrix.check_format(full_check=True)
        return matrix
    import pandas as pd

    if kind == "column":
        column = pd.Series(_read_values(packed["values"], blobs), name=_name(packed["name"]))
        return column.set_axis(_read_labels(packed["index"], blobs))
    if kind != "table":
        raise ValueError(f"{kind!r:.40} is nothing that is handed over")
    columns = [pd.Series(_read_values(one, blobs)) for one in packed["columns"]]
    index, names = _read_labels(packed["index"], blobs), _read_labels(packed["names"], blobs)
    table = pd.concat(columns, axis=1) if columns else pd.DataFrame(index=index)
    return table.set_axis(index, axis=0).set_axis(names, axis=1)


def _labels(labels: Any, blobs: list[bytes]) -> Packed:
    """The labels of rows or of columns: pandas' index, in one level or in several."""
    names = [_plain(name) for name in labels.names]
    if hasattr(labels, "step"):
        return {"names": names, "range": [labels.start, labels.stop, labels.step]}
    levels = [_values(_as_column(labels.get_level_values(number)), blobs) for number in range(labels.nlevels)]
    packed: Packed = {"names": names, "levels": levels, "many": hasattr(labels, "levels")}
    spacing = getattr(labels, "freqstr", None)  # of times; that of periods is in their type
    return {**packed, "spacing": spacing} if spacing and levels[0]["type"] != "period" else packed


def _as_column(labels: Any) -> Any:
    """One level as a column of the same type, which pandas would guess anew."""
    return labels.to_series().astype(labels.dtype)


def _read_labels(packed: Packed, blobs: list[bytes]) -> Any:
    import pandas as pd

    names = [_name(name) for name in packed["names"]]
    if "range" in packed:
        start, stop, step = map(int, packed["range"])
        return pd.RangeIndex(start, stop, step, name=names[0])
    levels: list[Any] = [pd.Series(_read_values(one, blobs)) for one in packed["levels"]]
    levels = [pd.Series(map(_name, one), dtype=object) if one.dtype == object else one for one in levels]
    if packed["many"]:
        return pd.MultiIndex.from_arrays(levels, names=names)
    index: Any = pd.Index(levels[0], dtype=levels[0].dtype, name=names[0], tupleize_cols=False)
    if "spacing" in packed:
        index = type(index)(index, freq=str(packed["spacing"]))
    return index


def _name(packed: Any) -> Any:
    """A name, which may be a tuple; JSON has lists for these."""
    return tuple(map(_name, packed)) if isinstance(packed, list) else packed


def _values(column: Any, blobs: list[bytes]) -> Packed:
    kind = column.dtype
    if hasattr(kind, "categories") and hasattr(kind, "ordered"):
        codes = _array(column.cat.codes.to_numpy(), blobs)
        of = _values(_as_column(kind.categories), blobs)
        return {"type": "category", "codes": codes, "of": of, "ordered": kind.ordered}
    if getattr(kind, "tz", None) is not None:
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return {"type": "zoned", "zone": str(kind.tz), "array": _array(moments, blobs)}
    if getattr(kind, "kind", "O") in _KINDS and hasattr(kind, "itemsize") and not hasattr(kind, "na_value"):
        return {"type": "array", "array": _array(column.to_numpy(), blobs)}
    import pandas as pd

    if isinstance(kind, pd.PeriodDtype):
        return {"type": "period", "of": column.array.freqstr, "array": _array(column.array.asi8, blobs)}
    gaps = pd.isna(column).to_numpy()
    values = [None if gap is True or gap == 1 else _plain(one) for one, gap in zip(column, gaps.tolist(), strict=True)]
    return {"type": str(kind) if _NULLABLE.fullmatch(str(kind)) else "object", "list": values}


def _read_values(packed: Packed, blobs: list[bytes]) -> Any:
    import pandas as pd

    kind = packed["type"]
    if kind == "array":
        return _read_array(packed["array"], blobs)
    if kind == "zoned":
        moments = pd.Series(_read_array(packed["array"], blobs))
        return moments.dt.tz_localize("UTC").dt.tz_convert(packed["zone"])
    if kind == "period":
        periods: Any = pd.PeriodIndex
        return periods.from_ordinals(_read_array(packed["array"], blobs), freq=str(packed["of"]))
    if kind == "category":
        of = pd.Series(_read_values(packed["of"], blobs))
        categories = pd.Index(of, dtype=of.dtype)
        codes = _read_array(packed["codes"], blobs)
        return pd.Categorical.from_codes(codes, categories=categories, ordered=bool(packed["ordered"]))
    return pd.Series(packed["list"], dtype=kind if _NULLABLE.fullmatch(kind) else object)


def _array(array: Any, blobs: list[bytes]) -> Packed:
    import numpy as np

    found = np.ascontiguousarray(array)
    blobs.append(found.tobytes())
    return {"dtype": found.dtype.str, "shape": list(np.shape(array)), "blob": len(blobs) - 1}


def _read_array(packed: Packed, blobs: list[bytes]) -> Any:
    import numpy as np

    kind = np.dtype(str(packed["dtype"]))
    if kind.kind not in _KINDS:
        raise ValueError(f"{kind} is no type of plain arrays")
    return np.frombuffer(blobs[packed["blob"]], dtype=kind).reshape(tuple(packed["shape"])).copy()


def _plain(value: Any) -> Any:
    """Of what Python and numpy have, what JSON has."""
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if hasattr(value, "tolist"):
        return _plain(value.tolist())
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return _plain(value.item())
    raise InvalidValue(f"A value of the type {type(value).__name__} cannot be handed to another process.")
