"""Environments of conda, by what stands in for micromamba: it makes them by uv, with the records that conda keeps."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from runfolio.core.errors import NotBuilt
from runfolio.core.projects.request import EnvManager
from runfolio.environments import building, listing
from runfolio.projects.environments import prepare, prepare_locked
from tests.projects.environments.declaring import CONDA, declare, printed

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the stand-in is a script")

SCRIPT = """#!/bin/sh
# micromamba create --yes --prefix FOLDER --file FILE
[ "$1 $2 $3 $5" = "create --yes --prefix --file" ] || exit 9
cat "$6" >> "{notes}"
grep -q no-such "$6" && {{ echo "nothing provides no-such-package"; exit 1; }}
"{uv}" venv --quiet --no-project --python "{python}" "$4" && "{uv}" pip install --quiet --python "$4/bin/python" outer
mkdir -p "$4/conda-meta" "$4/etc/conda/activate.d"
echo '{{"name": "r-base", "version": "4.3", "build": "h1_0", "channel": "https://c.example/conda-forge/linux-64"}}' \\
  > "$4/conda-meta/r-base-4.3-h1_0.json"
echo damaged > "$4/conda-meta/other.json"
echo 'export GDAL_DATA="$CONDA_PREFIX/share/gdal"' > "$4/etc/conda/activate.d/gdal.sh"
"""


@pytest.fixture
def notes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The files that micromamba, the first on the path, was given."""
    file = tmp_path / "notes"
    script = tmp_path / "bin" / "micromamba"
    script.parent.mkdir()
    script.write_text(SCRIPT.format(notes=file, uv=building.uv(), python=sys.executable))
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return file


def test_what_only_conda_has_is_made_by_it_and_its_variables_are_set(project: Path, notes: Path) -> None:
    text = "dependencies: [python=3.11, r-base=4.3, {pip: [-r requirements.txt]}]"
    declared = declare(project, CONDA, text, requirements="outer")
    for was_there in (False, True):
        with prepare(project, declared) as prepared:
            assert (prepared.manager, prepared.was_there) == (EnvManager.CONDA, was_there)
            variables = prepared.environment({"VIRTUAL_ENV": "/other", "HOME": "/home"})
            assert variables["CONDA_PREFIX"] == str(prepared.folder) and "VIRTUAL_ENV" not in variables
            assert variables["GDAL_DATA"] == f"{prepared.folder}/share/gdal"
            assert printed(prepared, "import outer; print(outer.VALUE)") == "2"
    assert notes.read_text() == text
    assert listing.kept()[0].manager == "micromamba"
    (project / "conda.yaml").write_text(text.replace("4.3", "4.4"))
    with prepare(project, declared) as other:
        assert other.folder != prepared.folder


def test_a_lock_of_conda_makes_the_same_again(project: Path, notes: Path) -> None:
    with prepare(project, declare(project, CONDA, "dependencies: [r-base=4.3, {pip: [outer]}]")) as prepared:
        lock = prepared.lock
    assert "outer==1.0\n" in lock and lock.endswith("# conda conda-forge::r-base=4.3=h1_0\n")
    notes.unlink()
    with prepare_locked("", lock) as again:
        assert again.manager is EnvManager.CONDA and again.lock == lock
    assert (
        notes.read_text() == "dependencies:\n- conda-forge::r-base=4.3=h1_0\n- pip:\n  - inner==2.0\n  - outer==1.0\n"
    )


def test_conda_is_asked_where_it_is_named_though_uv_would_do(project: Path, notes: Path) -> None:
    declared = declare(project, CONDA, "dependencies: [{pip: [outer]}]")
    with prepare(project, declared) as by_uv, prepare(project, declared, EnvManager.CONDA) as by_conda:
        assert (by_uv.manager, by_conda.manager) == (EnvManager.UV, EnvManager.CONDA)
        assert by_uv.folder != by_conda.folder


def test_a_package_that_conda_does_not_find_is_named(project: Path, notes: Path) -> None:
    declared = declare(project, CONDA, "dependencies: [no-such-package=1]")
    with pytest.raises(NotBuilt, match=r"by micromamba: no-such-package\.") as problem:
        prepare(project, declared).__enter__()
    assert "nothing provides" in problem.value.hint
