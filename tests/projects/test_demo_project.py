"""The demo's own project: it can be read, and is in the list of a store that the demo is trained into."""

from __future__ import annotations

import subprocess
from pathlib import Path

from runfolio import demo
from runfolio.core.paths import resource
from runfolio.projects.reading import project_in
from runfolio.store import open_store
from runfolio.store.projects.listing import list_projects

PROJECT = resource("resources", "demo", "digits", "MLproject").parent


def test_it_can_be_read_and_its_defaults_are_in_their_ranges() -> None:
    project = project_in(PROJECT)
    assert [entry.name for entry in project.entry_points] == ["main", "all_settings"]
    assert all(parameter.help or parameter.name == "epochs" for parameter in project.entry_points[0].parameters)


def test_the_demo_lists_it(tmp_path: Path) -> None:
    process = demo.start(tmp_path / "store", ["--runs", "1", "--epochs", "1"], output=subprocess.DEVNULL)
    demo.stop(process, tmp_path / "store")
    store = open_store(tmp_path / "store")
    assert [one.uri for one in list_projects(store)] == [str(PROJECT)]
    store.close()
