"""`runfolio models generate-dockerfile` and `build-docker`: an image in which a model answers over HTTP."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from runfolio.cli import shapes
from runfolio.cli.models import ADDRESS, JsonOption, TrustOption, address_of, folder_of, trusting
from runfolio.cli.options import StoreOption
from runfolio.cli.printing import progress_bar
from runfolio.core.errors import EnvironmentProblem

ModelOption = Annotated[str, typer.Option("--model-uri", "-m", help=ADDRESS)]
NoTokenOption = Annotated[bool, typer.Option("--no-token", help="Have the server answer everybody that reaches it.")]
NAME_HELP = "The name, and tag, of the image."


def generate_dockerfile(
    context: typer.Context,
    model: ModelOption,
    target: Annotated[Path, typer.Option("--output-directory", "-d", help="A new folder.")],
    no_token: NoTokenOption = False,
    trust: TrustOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a folder that docker builds an image from: a Dockerfile, the model, its requirements, what serves it."""
    size = _write(context, store, model, target, no_token=no_token, trust=trust)
    shapes.print_done(f"Wrote {target}, which docker builds an image from.", as_json, target=str(target), bytes=size)


def build_docker(
    context: typer.Context,
    model: ModelOption,
    name: Annotated[str, typer.Option("--name", "-n", help=NAME_HELP)],
    no_token: NoTokenOption = False,
    trust: TrustOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build an image that serves a model, by the docker that is here."""
    docker = shutil.which("docker")
    if docker is None:
        raise EnvironmentProblem(
            "There is no docker here.", "generate-dockerfile writes the folder, and another machine builds the image."
        )
    with tempfile.TemporaryDirectory(prefix="runfolio-image-") as made:
        folder = Path(made) / "context"
        _write(context, store, model, folder, no_token=no_token, trust=trust)
        # What it prints goes to standard error, so that standard output has what programs read.
        done = subprocess.run([docker, "build", "-t", name, str(folder)], stdout=2, check=False)
    if done.returncode != 0:
        raise EnvironmentProblem(f"docker could not build the image {name}: it ended with {done.returncode}.", "")
    shapes.print_done(f"Built the image {name}", as_json, name=name)


def _write(context: typer.Context, store: Path | None, model: str, target: Path, *, no_token: bool, trust: bool) -> int:
    from runfolio.models.safety.trust import require
    from runfolio.serving.packing.context import write_context

    address = address_of(context, store, model)
    folder = folder_of(context, store, address)
    require(folder, trusting(address, trust))
    with progress_bar("Copying") as progress:
        return write_context(folder, target, token=not no_token, progress=progress)
