"""The text of a Dockerfile by which a model is served."""

from __future__ import annotations

import json
from collections.abc import Sequence

from runfolio.serving.control import TOKEN_VARIABLE

PORT = 8080
_USER = "served"


def written(python: str, arguments: str, files: Sequence[str], *, token: bool, libraries: Sequence[str] = ()) -> str:
    """The text.

    Args:
        python: the version of Python, of two numbers.
        arguments: of `pip install`, where `files` are.
        token: whether the server refuses to start without a token.
        libraries: packages of Debian that are installed.
    """
    start = ["python", "-m", "runfolio.serving", "/opt/model", "--host", "0.0.0.0", "--port", str(PORT), "--trust"]
    start += [] if token else ["--no-token"]
    variable = f"-e {TOKEN_VARIABLE} " if token else ""
    ping = f"import urllib.request as u; u.urlopen('http://127.0.0.1:{PORT}/ping', timeout=4)"
    health = json.dumps(["python", "-c", ping])
    packages = f"{' '.join(libraries)} \\\n    && rm -rf /var/lib/apt/lists/*"
    lines = [
        f"# docker build -t NAME . && docker run --rm -p {PORT}:{PORT} {variable}NAME",
        f"FROM python:{python}-slim",
        *([f"RUN apt-get update && apt-get install -y --no-install-recommends {packages}"] if libraries else []),
        f"RUN useradd --create-home --uid 1000 {_USER}",
        "WORKDIR /opt/pip",
        f"COPY {' '.join(files)} ./",
        f"RUN pip install --no-cache-dir {arguments}",
        f"COPY --chown={_USER}:{_USER} app /opt/app",
        f"COPY --chown={_USER}:{_USER} model /opt/model",
        "ENV PYTHONPATH=/opt/app PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1",
        f"USER {_USER}",
        f"WORKDIR /home/{_USER}",
        f"EXPOSE {PORT}",
        f"HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD {health}",
        *([f"# It does not start unless {TOKEN_VARIABLE} has what clients must send."] if token else []),
        f"ENTRYPOINT {json.dumps(start)}",
    ]
    return "".join(f"{line}\n" for line in lines)
