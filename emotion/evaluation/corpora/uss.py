"""Dialogues whose customers' turns were rated for satisfaction: the tab-separated layout of the USS sets.

Source: W. Sun et al. (2021), "Simulating User Satisfaction for the Evaluation of Task-oriented Dialogue Systems",
SIGIR.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from emotion.errors import EvaluationError
from vocabulary import Author, Said

DISSATISFIED_BELOW: Final = 2.5
"""Mean of the raters' 1 to 5; 3 is what most turns get."""

_AUTHORS: Final = {"USER": Author.CUSTOMER, "SYSTEM": Author.BOT}
_WHOLE_DIALOGUE: Final = "OVERALL"
_LAYOUT: Final = (
    "lines of role (USER or SYSTEM), text, action and ratings (1 to 5, separated by commas), tab-separated, "
    "with a blank line between dialogues"
)


@dataclass(frozen=True)
class RatedTurn:
    """One line of a dialogue. rating: mean of the raters', 1 to 5; None on the assistant's lines and unrated ones."""

    said: Said
    rating: float | None = None

    @property
    def dissatisfied(self) -> bool:
        return self.rating is not None and self.rating < DISSATISFIED_BELOW


Dialogue = tuple[RatedTurn, ...]


def uss(path: Path, *, first: int = 1, last: int | None = None) -> list[Dialogue]:
    """The dialogues of a file, or of a folder's .txt files in the order of their names, lines in order.

    first, last: which dialogues, counted from 1 over all files, both included; last None is the end.
    Raises: EvaluationError.
    """
    if first < 1 or (last is not None and last < first):
        raise EvaluationError(f"dialogues {first} to {last}; expected a first of at least 1 and a last not before it.")
    dialogues: list[Dialogue] = []
    for file in _files(path):
        dialogues += _read(file)
    chosen = dialogues[first - 1 : last]
    if not any(turn.rating is not None for dialogue in chosen for turn in dialogue):
        raise EvaluationError(
            f"{path} has {len(dialogues)} dialogues and no rated turn in {first} to {last or 'the end'}; "
            f"expected {_LAYOUT}."
        )
    return chosen


def _files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.txt")) if path.is_dir() else [path]
    if not files or not files[0].is_file():
        raise EvaluationError(f"{path} is missing or a folder without .txt files; expected rated dialogues: {_LAYOUT}.")
    return files


def _read(file: Path) -> list[Dialogue]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise EvaluationError(f"{file} is not UTF-8 text; expected {_LAYOUT}.") from None
    dialogues: list[Dialogue] = []
    lines: list[RatedTurn] = []
    # Not splitlines(): it also breaks at signs that stand inside a customer's text.
    for number, line in enumerate([*text.replace("\r\n", "\n").split("\n"), ""], 1):
        if line.strip():
            turn = _turn(line, f"{file} line {number}")
            lines += [turn] if turn else []
        elif lines:
            dialogues.append(tuple(lines))
            lines = []
    return dialogues


def _turn(line: str, where: str) -> RatedTurn | None:
    role, *rest = line.split("\t")
    if role.strip() not in _AUTHORS or not rest:
        raise EvaluationError(f"{where}: role {role[:20]!r}; expected {_LAYOUT}.")
    author = _AUTHORS[role.strip()]
    if rest[0].strip() == _WHOLE_DIALOGUE:
        return None
    ratings = rest[2] if author is Author.CUSTOMER and len(rest) > 2 else ""
    try:
        votes = [float(vote) for vote in ratings.split(",") if vote.strip()]
    except ValueError:
        raise EvaluationError(f"{where}: ratings {ratings[:40]!r}; expected numbers separated by commas.") from None
    if not all(1.0 <= vote <= 5.0 for vote in votes):
        raise EvaluationError(f"{where}: ratings {ratings[:40]!r}; expected 1 to 5.")
    return RatedTurn(Said(author, rest[0]), sum(votes) / len(votes) if votes else None)
