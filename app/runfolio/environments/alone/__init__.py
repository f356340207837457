"""What a process in another environment has on Python's path, to find Runfolio and nothing else of ours there."""

from pathlib import Path

ALONE = Path(__file__).parent
