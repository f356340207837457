"""What is asked of a model's safety: whether loading it can run code, and which model it is, told by its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from runfolio.core.errors import CannotShow, NotFound
from runfolio.previews.files import open_plain
from runfolio.previews.kept import Kept
from runfolio.previews.records import Question

#: So long is looked through a model, in seconds, and no more of what it imports is told.
SECONDS, MOST_IMPORTS = 20.0, 500


@dataclass(frozen=True, slots=True)
class CodeImport:
    """Code that a model can run: the name of what it imports, or what else is there, its grade, and in which file."""

    name: str
    grade: str
    where: str


@dataclass(frozen=True, slots=True)
class ModelSafety:
    """Whether loading a model can run code, and all that it would be."""

    can_run_code: bool
    imports: tuple[CodeImport, ...]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class AskSafety(Question[ModelSafety]):
    """Can the model of an MLmodel file run code?"""

    seconds: ClassVar[float] = 2 * SECONDS

    path: str

    def answer(self, kept: Kept) -> ModelSafety:
        """What was found; nothing of it is loaded."""
        from runfolio.models.safety.code_risk import judge
        from runfolio.previews.risks.budget import Budget

        open_plain(self.path).close()
        risk = judge(Path(self.path).parent, Budget(seconds=SECONDS))
        found = dict[str, CodeImport]()
        for reason in risk.reasons:
            for name in reason.names:
                found.setdefault(name.text, CodeImport(name.text, name.grade.value, reason.where))
            if not reason.names:
                found[f"{reason.where}!"] = CodeImport(reason.what, reason.grade.value, reason.where)
        imports = tuple(found.values())
        return ModelSafety(risk.can_run_code, imports[:MOST_IMPORTS], max(0, len(imports) - MOST_IMPORTS))


@dataclass(frozen=True, slots=True)
class AskFingerprint(Question[str]):
    """Which model is it, by the hash of all its files?"""

    seconds: ClassVar[float] = 120.0

    path: str

    def answer(self, kept: Kept) -> str:
        """The SHA-256 that results of checks have."""
        from runfolio.models.safety.hashing import fingerprint

        open_plain(self.path).close()
        try:
            return fingerprint(Path(self.path).parent)
        except (NotFound, OSError) as error:
            raise CannotShow(f"Its files cannot be read: {error}.") from error
