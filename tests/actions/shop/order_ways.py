"""Order numbers spoken in many ways, from the sound to the decision whether to ask back.

    .venvs/ml/bin/python -m tests.actions.shop.order_ways --count 100

prints the table. SEED draws the ways that are reported; rules and thresholds are chosen with other seeds.
"""

import argparse
import random
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from actions.shop.heard import Said
from speech import Transcriber, decode, open_transcriber
from store import HeardWord
from tests.flite import say

SEED: Final = 20261121
VOICES: Final = ("slt", "rms", "awb")
OUTCOMES: Final = ("right", "asked back", "said back", "not read", "wrong")
_DIGITS: Final = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TENS: Final = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TEENS: Final = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_CARRIERS: Final = (
    "{}", "It's {}.", "My order number is {}.", "Order number {}.", "Where is my order {}?",
    "The number is {}, I think.",
    "I want to cancel order {}, please.", "Can you look up {} for me?", "Uh, it should be {}.", "Yes, {}.",
    "I would like to return something from order {}.", "Please check order number {}, it has not arrived.",
)  # fmt: skip


@dataclass(frozen=True)
class Way:
    """One way to say a number."""

    number: str
    style: str
    sentence: str
    voice: str


@dataclass(frozen=True)
class Judged:
    """What became of it. outcome: one of OUTCOMES; "said back": digits were heard, but not six beginning with a 4."""

    way: Way
    heard: str
    read: str | None
    outcome: str


def ways(count: int, *, seed: int = SEED) -> list[Way]:
    """The first `count` ways of a seed: styles and voices take turns, numbers and sentences are drawn."""
    draw = random.Random(seed)
    drawn = []
    for index in range(count):
        number = f"4{draw.randrange(100_000):05d}"
        style = tuple(_STYLES)[index % len(_STYLES)]
        if style == "double":
            number = number[:2] + number[1] + number[3:]
        spoken = _STYLES[style](number)
        if index % 10 == 9:
            wrong = number[:-1] + str((int(number[-1]) + draw.randrange(1, 10)) % 10)
            spoken = f"{_STYLES[style](wrong)}, no, sorry, {spoken}"
        drawn.append(Way(number, style, draw.choice(_CARRIERS).format(spoken), VOICES[index // len(_STYLES) % 3]))
    return drawn


def judge(way: Way, transcriber: Transcriber, folder: Path) -> Judged:
    """Speak it with flite, transcribe it, read it, and decide as the form does."""
    path = folder / "way.wav"
    say(way.sentence, way.voice, path)
    transcript = transcriber.transcribe(decode(path))
    said = Said(transcript.text, tuple(HeardWord(word.text, word.confidence) for word in transcript.words))
    reading = said.number()
    if reading is None:
        outcome = "said back" if said.odd_digits() else "not read"
    elif not reading.sure:
        outcome = "asked back"
    else:
        outcome = "right" if reading.value == way.number else "wrong"
    return Judged(way, transcript.text, reading.value if reading else None, outcome)


def judge_all(drawn: list[Way], transcriber: Transcriber) -> Iterator[Judged]:
    """Each way with what became of it."""
    with tempfile.TemporaryDirectory() as folder:
        for way in drawn:
            yield judge(way, transcriber, Path(folder))


def _singles(number: str) -> str:
    return " ".join(_DIGITS[int(digit)] for digit in number)


def _oh(number: str) -> str:
    return _singles(number).replace("zero", "oh")


def _commas(number: str) -> str:
    return _singles(number).replace(" ", ", ")


def _halves(number: str) -> str:
    return f"{_singles(number[:3])}, {_singles(number[3:])}"


def _double(number: str) -> str:
    spoken, position = [], 0
    while position < len(number):
        same = 1
        while same < 3 and number[position : position + same + 1] == number[position] * (same + 1):
            same += 1
        word = _DIGITS[int(number[position])]
        spoken.append(("", "", "double ", "triple ")[same] + word)
        position += same
    return " ".join(spoken)


def _two(pair: str) -> str:
    tens, unit = int(pair[0]), int(pair[1])
    if tens == 0:
        return f"oh {_DIGITS[unit]}"
    if tens == 1:
        return _TEENS[unit]
    return _TENS[tens] + (f"-{_DIGITS[unit]}" if unit else "")


def _pairs(number: str) -> str:
    return ", ".join(_two(number[start : start + 2]) for start in (0, 2, 4))


def _hundreds(number: str) -> str:
    return ", ".join(_three(number[start : start + 3]) for start in (0, 3))


def _three(part: str) -> str:
    if part[0] == "0":
        return _singles(part)
    rest = "" if part[1:] == "00" else " " + (_two(part[1:]) if part[1] != "0" else f"and {_DIGITS[int(part[2])]}")
    return f"{_DIGITS[int(part[0])]} hundred{rest}"


_STYLES: Final = {
    "digits": _singles,
    "oh": _oh,
    "pauses": _commas,
    "halves": _halves,
    "double": _double,
    "pairs": _pairs,
    "hundreds": _hundreds,
}


def main() -> None:
    """Print every way and the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    transcriber = open_transcriber()
    table: dict[str, Counter[str]] = {}
    for judged in judge_all(ways(given.count, seed=given.seed), transcriber):
        table.setdefault(judged.way.style, Counter())[judged.outcome] += 1
        row = f"{judged.outcome:11}{judged.way.number} {judged.way.voice} {judged.read or '-':6}"
        print(f"{row}  {judged.way.sentence}  →  {judged.heard}")
    print(f"\n{transcriber.engine}, seed {given.seed}")
    print(f"{'style':10}" + "".join(f"{outcome:>12}" for outcome in OUTCOMES))
    for style, counts in (*table.items(), ("all", sum(table.values(), Counter()))):
        print(f"{style:10}" + "".join(f"{counts[outcome]:12}" for outcome in OUTCOMES))


if __name__ == "__main__":
    main()
