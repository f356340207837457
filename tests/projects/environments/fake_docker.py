"""What stands in for the client of docker: it notes what it is asked, and runs containers as processes of this machine.

`DOCKER_NOTES` is a folder: `asked` has a line of JSON for each call, `images` the images that are here, `names` the
process of each container. Where a volume is mounted, the command finds the folder of this machine; with `DOCKER_HERE`
its variables name that, so that what they are for works.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

NOTES = Path(os.environ.get("DOCKER_NOTES", os.devnull))
WITH_VALUE = ("--name", "--user", "-e", "-v", "-w")


def main(argv: list[str]) -> int:
    """Do what is asked; the exit code."""
    with (NOTES / "asked").open("a") as stream:
        stream.write(json.dumps(argv) + "\n")
    if argv[0] == "image":
        return inspect(argv[-1])
    if argv[0] == "pull":
        return pull(argv[1])
    if argv[0] == "kill":
        os.killpg(int((NOTES / "names" / argv[1]).read_text()), signal.SIGKILL)
        return 0
    return run(argv[1:])


def inspect(image: str) -> int:
    """Tell the digest of an image."""
    if not (NOTES / "images" / image).is_file():
        sys.stderr.write(f"Error response from daemon: No such image: {image}")
        return 1
    sys.stdout.write("sha256:0123456789abcdef")
    return 0


def pull(image: str) -> int:
    """Fetch an image, if its name says that it is to be had."""
    if "missing" in image:
        sys.stderr.write(f"Error response from daemon: pull access denied for {image}")
        return 1
    sys.stdout.write("latest: Pulling from library\nStatus: Downloaded newer image")
    (NOTES / "images" / image).touch()
    return 0


def run(argv: list[str]) -> int:
    """Run the command of a container, in a group of its own, as that outlives its client."""
    options: list[tuple[str, str]] = []
    while argv[0].startswith("-"):
        option = argv.pop(0)
        options.append((option, argv.pop(0) if option in WITH_VALUE else ""))
    volumes = (value.partition(":") for option, value in options if option == "-v")
    places = {there: here for here, _, there in volumes}
    given = (value.split("=", 1) for option, value in options if option == "-e" and "=" in value)
    named = places if "DOCKER_HERE" in os.environ else {}
    variables = {key: os.pathsep.join(here(one, named) for one in value.split(os.pathsep)) for key, value in given}
    (folder,) = (value for option, value in options if option == "-w")
    (name,) = (value for option, value in options if option == "--name")
    noted = ["sh", "-c", 'echo $$ > "$0"; exec "$@"', str(NOTES / "names" / name)]
    child = subprocess.Popen(
        [*noted, *argv[1:]], cwd=places[folder.rstrip("/")], env={**os.environ, **variables}, start_new_session=True
    )
    return child.wait()


def here(path: str, places: dict[str, str]) -> str:
    """Where something of a container is on this machine, if it is in what is mounted."""
    found = next((there for there in places if f"{path}/".startswith(f"{there}/")), None)
    return path if found is None else places[found] + path.removeprefix(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
