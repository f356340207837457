"""What schemathesis makes of a server's OpenAPI document finds no error of the server's own."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving.conftest import folders  # noqa: F401
from tests.serving.server import Server

#: The program `schemathesis`, in whatever environment it is installed.
PROGRAM = os.environ.get("SCHEMATHESIS") or shutil.which("schemathesis") or ""
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"

pytestmark = [
    pytest.mark.interop,
    pytest.mark.slow,
    pytest.mark.skipif(
        not PROGRAM and importlib.util.find_spec("schemathesis") is None, reason="schemathesis is not installed"
    ),
]


@pytest.mark.parametrize("model", ["classifier", "odd", "unsigned"])
def test_generated_requests_are_answered_as_the_document_says(
    folders: dict[str, Path],  # noqa: F811
    tmp_path: Path,
    model: str,
) -> None:
    with Server(folders[model]) as server:
        options = ["--checks", CHECKS, "--max-examples", "40", "--request-timeout", "30"]
        command = [PROGRAM or "schemathesis", "run", f"{server.address}/openapi.json", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stdout
        assert server.lives()
