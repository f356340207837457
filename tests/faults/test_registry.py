"""The registry while several processes move versions at once, and while one is killed as it registers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runfolio.core.folder import REGISTRY
from runfolio.store import Store
from runfolio.store.registry.audit import read_entries
from runfolio.store.registry.reading import list_models, list_versions
from runfolio.store.registry.registering import Source, register
from runfolio.store.registry.verify import verify

pytestmark = pytest.mark.faults
PROCESSES, MOVES = 8, 6

PROMOTE = """
import sys
from pathlib import Path
from runfolio.core.errors import RunfolioError
from runfolio.store import open_store
from runfolio.store.registry.transitions import rollback, transition
store = open_store(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[3])):
    version = 1 + (int(sys.argv[2]) + number) % 8
    transition(store, "churn", version, "Production", reason=f"process {sys.argv[2]}")
    if number == 3:
        try:
            rollback(store, "churn")
        except RunfolioError:
            pass
store.close()
"""

REGISTER = """
import sys
from pathlib import Path
from runfolio.store import open_store
from runfolio.store.registry.registering import Source, register
from runfolio.store.steps import Steps

def told(done, total):
    if done > total * float(sys.argv[3]):
        print("ready", flush=True)
        sys.stdin.readline()

store = open_store(Path(sys.argv[1]))
register(store, "large", Source(Path(sys.argv[2]), "large"), steps=Steps(progress=told))
"""


def started(script: str, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"


def test_processes_that_promote_at_once_leave_one_holder_and_a_whole_chain(store: Store, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"model")
    for _ in range(8):
        register(store, "churn", Source(tmp_path / "model.bin", "model.bin"))
    processes = [started(PROMOTE, str(store.path), str(number), str(MOVES)) for number in range(PROCESSES)]
    for one in processes:
        wait_until_ready(one)
    for one in processes:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in processes:
        one.communicate()
        assert one.returncode == 0
    assert [one.stage for one in list_versions(store, "churn")].count("Production") == 1
    assert verify(store).good
    moves = [one for one in read_entries(store) if one.new == "Production" and one.action == "transition"]
    assert PROCESSES < len(moves) <= PROCESSES * MOVES


def test_processes_that_register_at_once_get_numbers_of_their_own(store: Store, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(os.urandom(1000))
    processes = [started(REGISTER, str(store.path), str(tmp_path / "model.bin"), "2") for _ in range(6)]
    for one in processes:
        one.communicate()
        assert one.returncode == 0
    assert sorted(one.version for one in list_versions(store, "large")) == [1, 2, 3, 4, 5, 6]
    assert verify(store).good


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL.")
@pytest.mark.parametrize("share", ["0", "0.5", "0.99"])
def test_who_is_killed_while_it_registers_leaves_no_half_version(store: Store, tmp_path: Path, share: str) -> None:
    with (tmp_path / "large.bin").open("wb") as file:
        for _ in range(8):
            file.write(os.urandom(8 << 20))
    process = started(REGISTER, str(store.path), str(tmp_path / "large.bin"), share)
    wait_until_ready(process)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert list_models(store) == []
    assert verify(store).good
    register(store, "large", Source(tmp_path / "large.bin", "large.bin"))
    assert [one.version for one in list_versions(store, "large")] == [1]
    assert verify(store).good
    assert [one.name for one in (store.path / REGISTRY / "large").iterdir()] == ["v1"]
    assert [one.name for one in (store.path / REGISTRY).iterdir()] == ["large"]
