"""Dialogues rated for satisfaction turn by turn (Sun et al. 2021, on MultiWOZ): measured on, never trained on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from emotion.errors import TrainingError

REPORT: Final = range(500, 1000)
"""Dialogues, counted from 0, that figures come from; design choices look at those before."""

DISSATISFIED_BELOW: Final = 2.5
"""Mean of the raters' 1 to 5; 3 is what most turns get."""


@dataclass(frozen=True)
class RatedTurn:
    """text: what the customer wrote. earlier: the customer's turns before it. rating: mean, 1 to 5."""

    dialogue: int
    text: str
    earlier: tuple[str, ...]
    rating: float

    @property
    def dissatisfied(self) -> bool:
        return self.rating < DISSATISFIED_BELOW


def load_rated_turns(path: Path, dialogues: range) -> list[RatedTurn]:
    """The customers' turns of some dialogues, in order. Raises: TrainingError."""
    if not path.is_file():
        raise TrainingError(f"{path} is missing; expected the rated MultiWOZ dialogues (MWOZ.txt).")
    turns: list[RatedTurn] = []
    number = -1
    earlier: list[str] = []
    fresh = True
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.strip():
            fresh = True
            continue
        if fresh:
            number, earlier, fresh = number + 1, [], False
        role, text, *rest = line.split("\t")
        if role != "USER" or text.strip() == "OVERALL" or number not in dialogues:
            continue
        votes = [float(vote) for vote in rest[-1].split(",") if vote]
        turns.append(RatedTurn(number, text, tuple(earlier), sum(votes) / len(votes)))
        earlier.append(text)
    if not turns:
        raise TrainingError(f"{path} has no rated turns in dialogues {dialogues.start} to {dialogues.stop - 1}.")
    return turns
