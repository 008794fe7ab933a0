"""How patient and how quick a turn taker is. docs/reference/turn-taking.md says what each value was chosen on."""

from dataclasses import dataclass, fields
from typing import Literal

Strategy = Literal["smart", "timeout"]


@dataclass(frozen=True)
class TurnSettings:
    """All times in seconds. Raises: ValueError outside the ranges that each field allows (0.02 to 120).

    strategy: "smart" asks smart-turn at each pause and falls back to silence_s; "timeout" only waits.
    silence_s: the silence timeout. pause_s: a pause after which a segment is recognised and smart-turn is asked.
    complete_s: of silence, if smart-turn finds the turn complete. incomplete_s: if it does not.
    judge_within_s: what smart-turn may take before silence_s counts.
    unfinished_s: after words that call for more ("my number is"). number_s: after digits while a number is awaited.
    look_up_s: after "one moment" or an unfinished sentence while something has to be looked up.
    filler_s: after nothing but "um".
    react_s: of sound before the assistant pauses. hum_s: of a hum that is let go by. probe_s: of sound over the
    assistant after which its words are looked at while it goes on.
    rejoin_s: pauses shorter than it are heard again with the sound on both sides. longest_segment_s, longest_turn_s.
    """

    strategy: Strategy = "smart"
    silence_s: float = 0.7
    pause_s: float = 0.2
    complete_s: float = 0.3
    incomplete_s: float = 1.4
    judge_within_s: float = 0.25
    unfinished_s: float = 2.0
    number_s: float = 1.5
    look_up_s: float = 9.0
    filler_s: float = 3.0
    react_s: float = 0.12
    hum_s: float = 0.6
    probe_s: float = 1.6
    rejoin_s: float = 0.9
    longest_segment_s: float = 20.0
    longest_turn_s: float = 100.0

    def __post_init__(self) -> None:
        if self.strategy not in ("smart", "timeout"):
            raise ValueError(f"strategy {self.strategy!r}; allowed are smart and timeout.")
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "strategy" and not 0.02 <= value <= 120:
                raise ValueError(f"{field.name} of {value} s; allowed are 0.02 to 120.")
