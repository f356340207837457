"""Documents are opened node by node; what a document could grow to is of no consequence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runfolio.core.errors import CannotShow
from runfolio.previews.kept import Kept
from runfolio.previews.tree.questions import AskBelow, AskNode, AskValue, FindNodes, Node
from tests.previews.corpus import laughs

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("trees")


def read(path: Path, place: tuple[int, ...], node: Node, kept: Kept) -> Any:
    """A whole document by its nodes."""
    if node.kind not in ("object", "list"):
        return None if node.kind == "null" else node.text
    below = AskBelow(str(path), place, 0, 1000).answer(kept)
    assert len(below) == node.count
    inner = [read(path, (*place, number), child, kept) for number, child in enumerate(below)]
    labels = [child.label for child in below]
    return dict(zip(labels, inner, strict=True)) if node.kind == "object" else inner


def as_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: as_texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_texts(one) for one in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if value is None or isinstance(value, str) else repr(value)


@given(JSON)
def test_a_tree_has_all_that_the_document_has(folder: Path, content: Any) -> None:
    path, kept = folder / "a.json", Kept()
    path.write_text(json.dumps(content))
    assert read(path, (), AskNode(str(path)).answer(kept), kept) == as_texts(content)


def test_long_lists_come_in_parts(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": list(range(100_000))}))
    node = AskNode(str(path), (0,)).answer(kept)
    assert (node.label, node.kind, node.text, node.count) == ("a", "list", "100,000 items", 100_000)
    below = AskBelow(str(path), (0,), 99_998, 10).answer(kept)
    assert [(one.label, one.text) for one in below] == [("99998", "99998"), ("99999", "99999")]


def test_json_lines_are_a_list(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n\n[2]\n')
    assert AskNode(str(path)).answer(kept).count == 2
    path.write_text('{"a": 1}\n\nnone\n')
    with pytest.raises(CannotShow, match="line 3"):
        AskNode(str(path)).answer(kept)


def test_yaml_is_shown_as_it_is_written(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: &x [1, 2.5, yes, null, text]\nb: *x\nc: !!python/name:os.system\nd: {e: 0x10}\n")
    below = AskBelow(str(path), (), 0, 10).answer(kept)
    assert [(one.label, one.kind, one.text) for one in below] == [
        ("a", "list", "5 items"),
        ("b", "alias", "*x"),
        ("c", "text", "!!python/name:os.system · "),
        ("d", "object", "1 key"),
    ]
    inner = AskBelow(str(path), (0,), 0, 10).answer(kept)
    assert [(one.kind, one.text) for one in inner] == [
        ("number", "1"),
        ("number", "2.5"),
        ("truth", "true"),
        ("null", "null"),
        ("text", "text"),
    ]


def test_aliases_do_not_grow(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(laughs("yaml"))
    assert AskNode(str(path)).answer(kept).count == 9
    assert [one.text for one in AskBelow(str(path), (8,), 0, 10).answer(kept)] == ["*h"] * 9
    assert len(AskValue(str(path), ()).answer(kept)) < 2000
    assert FindNodes(str(path), "lol").answer(kept).over


def test_words_are_found_in_keys_and_values(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"Alpha": [1, {"beta": "gamma"}], "delta": "ALPHABET"}))
    assert FindNodes(str(path), "alpha").answer(kept).places == ((0,), (1,))
    assert FindNodes(str(path), "GAMMA").answer(kept).places == ((0, 1, 0),)
    assert FindNodes(str(path), "nowhere").answer(kept).places == ()


def test_a_search_goes_on_where_it_ended(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"key": number} for number in range(200_000)]))
    places: list[tuple[int, ...]] = []
    over = False
    while not over:
        found = FindNodes(str(path), "1999", len(places)).answer(kept)
        places, over = [*places, *found.places], found.over
    expected = [(number, 0) for number in range(200_000) if "1999" in str(number)]
    labels = [(number,) for number in range(200_000) if "1999" in str(number)]
    assert sorted(places) == sorted([*expected, *labels])


def test_a_value_is_whole_on_request(tmp_path: Path, kept: Kept) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"a": "x" * 1000, "b": {"c": [1]}}))
    assert len(AskBelow(str(path), (), 0, 1).answer(kept)[0].text) == 300
    assert AskValue(str(path), (0,)).answer(kept) == "x" * 1000
    assert json.loads(AskValue(str(path), (1,)).answer(kept)) == {"c": [1]}
