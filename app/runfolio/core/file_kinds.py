"""What kind of file one is, as storage is told of: by the end of its name."""

from __future__ import annotations

#: What a file without an ending is called.
NO_ENDING = "no ending"
#: What a longer one is not an ending of.
LONGEST = 12


def kind_of_file(path: str) -> str:
    """The ending in lower case, such as `.png`; of `events.out.tfevents.123` and other endings of digits, none."""
    name = path.rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    if not dot or not stem or len(ending) > LONGEST or not ending or ending.isdigit():
        return NO_ENDING
    return f".{ending.lower()}"
