"""A request as people send it from a shell and from Python."""

from __future__ import annotations

import json
import pprint
import shlex
from typing import Any

from runfolio.core.serving.records import ServerInfo
from runfolio.serving.control import TOKEN_VARIABLE


def as_curl(server: ServerInfo, request: Any) -> str:
    """The command; it takes a token from the environment."""
    lines = [f"curl {server.address}/invocations", "-H 'Content-Type: application/json'"]
    if server.wanted.token:
        lines.append(f'-H "Authorization: Bearer ${TOKEN_VARIABLE}"')
    lines.append(f"-d {shlex.quote(json.dumps(request, ensure_ascii=False))}")
    return " \\\n  ".join(lines)


def as_python(server: ServerInfo, request: Any) -> str:
    """The lines; they take a token from the environment."""
    lines = ["import os", ""] if server.wanted.token else []
    lines += ["import requests", "", f"request = {pprint.pformat(request, sort_dicts=False, width=100)}"]
    asked = f"{server.address + '/invocations'!r}, json=request, timeout=60"
    if server.wanted.token:
        lines.append(f'headers = {{"Authorization": f"Bearer {{os.environ[{TOKEN_VARIABLE!r}]}}"}}')
        asked += ", headers=headers"
    return "\n".join([*lines, f"answer = requests.post({asked})", 'print(answer.json()["predictions"])'])
