"""Regular expressions that users write, in Python's spelling: looked for in such a way that none goes on for ever."""

from __future__ import annotations

import re
from functools import lru_cache
from time import thread_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import regex

#: So many seconds of a processor they may take in all, for one question to a store, beyond what each text takes as a
#: rule: there may be a million.
MOST_SECONDS = 2.0
USUAL = 50e-6
REPEATED = re.compile(r"(.?)[*+?{]", re.DOTALL)
SHORT = 500


class TimedSearch:
    """Looks for patterns in texts, for so long in all until it is started again; for one thread at a time.

    Attributes:
        too_slow: the pattern that took too long; empty while none has.
    """

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin anew: what was looked for until now does not count."""
        self.too_slow = ""
        self._left = MOST_SECONDS

    def found(self, text: str | None, pattern: str) -> bool:
        """Whether a pattern is found in a text, which a missing one has none of. Raises TimeoutError."""
        if text is None:
            return False
        expression, harmless = _known(pattern)
        # To look at the clock takes longer than to look through a name.
        if harmless and len(text) <= SHORT:
            return expression.search(text) is not None
        return self._found_in_time(text, expression)

    def _found_in_time(self, text: str, expression: regex.Pattern[str]) -> bool:
        began = thread_time()
        try:
            if self._left <= 0:
                raise TimeoutError
            # Other threads go on meanwhile.
            return expression.search(text, timeout=self._left, concurrent=True) is not None
        except TimeoutError:
            self.too_slow, self._left = expression.pattern, 0.0
            raise
        finally:
            self._left -= max(thread_time() - began - USUAL, 0)


def check(pattern: str) -> None:
    """Raises ValueError, with what is wrong, for what is no regular expression."""
    import regex

    try:
        regex.compile(pattern)
    except (regex.error, OverflowError, RecursionError, FutureWarning) as error:  # a warning where these are errors
        raise ValueError(str(error)) from None


@lru_cache(64)
def _known(pattern: str) -> tuple[regex.Pattern[str], bool]:
    import regex

    return regex.compile(pattern), _is_harmless(pattern)


def _is_harmless(pattern: str) -> bool:
    """Whether a search takes no more steps than the square of a text's letters: nothing multiplies anything.

    So it is with at most one repetition, not of a group, and at most one group to try the alternatives of.
    """
    plain = pattern.removeprefix("(?i)")
    repeated = REPEATED.findall(plain)
    return len(repeated) <= 1 and not {"(", ")"}.intersection(repeated) and plain.count("(") <= 1
