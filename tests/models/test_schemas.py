"""Schemas and signatures: their JSON, and what is told of JSON that is none."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runfolio.core.errors import InvalidValue
from runfolio.models.schema.data_type import DataType
from runfolio.models.schema.merging import merged
from runfolio.models.schema.params import ParamSchema, ParamSpec
from runfolio.models.schema.specs import ColSpec, Schema, TensorSpec
from runfolio.models.schema.types import AnyType, Array, Map, Object, Property, SparkMLVector, Type
from runfolio.models.signature import ModelSignature, infer_signature

NAMES = st.text(max_size=8)


def objects(kinds: st.SearchStrategy[Type]) -> st.SearchStrategy[Object]:
    """Objects with properties of some types."""
    names = st.dictionaries(NAMES, st.tuples(kinds, st.booleans()), min_size=1, max_size=4)
    return names.map(lambda told: Object([Property(name, *rest) for name, rest in told.items()]))


def made_of(kinds: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    return st.one_of(kinds.map(Array), kinds.map(Map), objects(kinds))


plain_types: st.SearchStrategy[Type] = st.one_of(
    st.sampled_from(DataType), st.builds(AnyType), st.builds(SparkMLVector)
)
types: st.SearchStrategy[Type] = st.recursive(plain_types, made_of, max_leaves=12)
unnamed_columns = st.lists(st.builds(ColSpec, types), min_size=1, max_size=4)
named_columns = st.lists(
    st.builds(ColSpec, types, st.one_of(NAMES, st.integers()), st.booleans()), min_size=1, max_size=4
)
dtypes = st.sampled_from("bool int8 uint64 float16 float32 complex64 str bytes object datetime64[ns]".split()).map(
    np.dtype
)
shapes = st.lists(st.integers(-1, 1 << 40), max_size=5)
tensors = st.one_of(
    st.builds(TensorSpec, dtypes, shapes).map(lambda one: [one]),
    st.lists(st.builds(TensorSpec, dtypes, shapes, NAMES), min_size=1, max_size=3),
)
schemas = st.one_of(unnamed_columns, named_columns, tensors).map(Schema)
scalars = st.one_of(
    st.tuples(st.just("long"), st.integers()),
    st.tuples(st.just("double"), st.floats(allow_nan=False)),
    st.tuples(st.just("string"), st.text()),
    st.tuples(st.just("boolean"), st.booleans()),
    st.tuples(st.just("datetime"), st.one_of(st.none(), st.datetimes(), st.dates())),
)
params = st.dictionaries(NAMES, scalars, min_size=1, max_size=4).map(
    lambda told: ParamSchema([ParamSpec(name, kind, default) for name, (kind, default) in told.items()])
)
signatures = st.builds(ModelSignature, schemas, st.one_of(st.none(), schemas), st.one_of(st.none(), params))
any_json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from("name type required items properties values tensor-spec dtype shape default".split()),
            st.one_of(inner, st.sampled_from("array object map tensor long any float32 O i4,f8".split())),
            max_size=5,
        ),
    ),
    max_leaves=10,
)


@given(signatures)
def test_a_signature_is_the_same_after_its_json(signature: ModelSignature) -> None:
    assert ModelSignature.from_dict(signature.to_dict()) == signature


@given(st.lists(any_json, max_size=3))
@settings(max_examples=300)
def test_json_that_is_no_schema_is_refused_in_words_and_else_read(told: list[Any]) -> None:
    for read in (Schema.from_json, ParamSchema.from_json):
        try:
            found = read(json.dumps(told))
        except InvalidValue as refusal:
            assert refusal.message
        else:
            assert read(found.to_json()) == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "JSON list"),
        ("{}", "JSON list"),
        ("[]", "one ColSpec or TensorSpec or more"),
        ("[1]", "JSON list of objects"),
        ('[{"type": "int128"}]', "'int128'"),
        ('[{"name": "a"}]', "`type`"),
        ('[{"type": "long", "name": {}}]', "name is a text"),
        ('[{"type": "long", "name": "a"}, {"type": "long"}]', "all named"),
        ('[{"type": "object", "properties": {}}]', "one Property or more"),
        ('[{"type": "tensor", "tensor-spec": {"dtype": "i4,f8", "shape": [-1]}}]', "'i4,f8'"),
        ('[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-2]}}]', "0 or more"),
        ('[{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": ["x"]}}]', "whole numbers"),
        ('[{"type": "tensor", "tensor-spec": {"dtype": "nothing", "shape": [1]}}]', "'nothing'"),
        ("[" * 100_000, "JSON list"),
        ('[{"type": "array", "items": ' * 200 + '{"type": "long"}' + "}" * 200 + "]", "JSON list"),
        ('[{"type": "array"' + ', "items": {"type": "array"' * 100 + "}" * 101 + "]", "nested more than 64"),
        ('[{"type": "long", "name": "' + "x" * (33 << 20) + '"}]', "at most"),
    ],
    ids=lambda told: told[:40],
)
def test_what_is_wrong_with_a_schema_is_said(text: str, says: str) -> None:
    with pytest.raises(InvalidValue, match=says.replace("[", r"\[")):
        Schema.from_json(text)


def test_schemas_print_as_mlflow_prints_them() -> None:
    nested = Array(Object([Property("b", Map("long"), required=False), Property("a", AnyType())]))
    assert repr(ColSpec(nested, "c", required=False)) == (
        "'c': Array({a: Any (required), b: Map(str -> DataType.long) (optional)}) (optional)"
    )
    assert repr(Schema([ColSpec("double"), ColSpec("string")])) == "[double (required), string (required)]"
    assert repr(TensorSpec(np.dtype("float32"), (-1, 3), "x")) == "'x': Tensor('float32', (-1, 3))"
    assert repr(ParamSpec("p", "long", [1], (-1,))) == "'p': long (default: [1]) (shape: (-1,))"


def test_keys_that_are_not_known_and_older_forms_are_read() -> None:
    assert Schema.from_json('[{"type": "long", "name": "a", "later": 1}]') == Schema([ColSpec("long", "a")])
    older = ParamSchema.from_json('[{"name": "p", "dtype": "long", "default": 1, "shape": null}]')
    assert older == ParamSchema([ParamSpec("p", "long", 1)])


def test_a_default_of_another_type_than_the_parameter_is_refused() -> None:
    with pytest.raises(InvalidValue, match="'p' is long, and 'x' is string"):
        ParamSpec("p", "long", "x")
    with pytest.raises(InvalidValue, match=r"'p\[1\]' is long"):
        ParamSpec("p", "long", [1, 2.5], (-1,))
    assert ParamSpec("p", "datetime", "2026-01-31").default == dt.date(2026, 1, 31)


@given(types)
def test_a_type_has_itself_in_common_with_itself_and_with_none(kind: Type) -> None:
    assert merged(kind, kind) == kind
    assert merged(merged(kind, AnyType()), kind) == merged(kind, AnyType()) == merged(AnyType(), kind)


def test_what_some_objects_lack_is_optional() -> None:
    one = Object([Property("a", "long"), Property("b", "string")])
    other = Object([Property("a", "long"), Property("c", AnyType())])
    common = Object([Property("a", "long"), Property("b", "string", False), Property("c", AnyType(), False)])
    assert merged(one, other) == common == merged(other, one)
    with pytest.raises(InvalidValue, match="long and double"):
        merged(Array("long"), Array("double"))


def test_signatures_are_read_and_written_without_pandas() -> None:
    code = (
        "import sys; from runfolio.models.signature import ModelSignature as M; "
        'm = M.from_dict({\'inputs\': \'[{"type": "long", "name": "a"}]\'}); m.to_dict(); '
        "print({'numpy', 'pandas', 'scipy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_polars_tables_and_tensors_of_frameworks_have_signatures() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {"i": [1, None], "f": [0.5, 1.5], "s": ["x", "y"], "l": [[1], [2]], "o": [{"k": 1.5}, {"k": None}]}
    )
    assert infer_signature(frame).inputs == Schema(
        [
            ColSpec("long", "i", required=False),
            ColSpec("double", "f"),
            ColSpec("string", "s"),
            ColSpec(Array("long"), "l"),
            ColSpec(Object([Property("k", "double", required=False)]), "o"),
        ]
    )


def test_tensors_of_torch_have_the_signatures_of_arrays() -> None:
    torch = pytest.importorskip("torch")
    assert infer_signature(torch.zeros(2, 3)) == infer_signature(np.zeros((2, 3), "float32"))
    assert infer_signature({"x": torch.zeros(2, dtype=torch.int64)}) == infer_signature({"x": np.zeros(2, "int64")})


def test_what_has_no_schema_is_taken_as_anything_with_the_reason_why(caplog: pytest.LogCaptureFixture) -> None:
    import pandas as pd

    frame = pd.DataFrame({"good": [1.5], "mixed": pd.Series([{1: 2}], dtype=object)})
    assert infer_signature(frame).inputs == Schema([ColSpec(AnyType())])
    assert "Column 'mixed'" in caplog.text
