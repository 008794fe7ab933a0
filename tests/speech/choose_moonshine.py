"""Chooses Moonshine's constants: how much the shop's phrases count, what a word's evidence means, when to ask back.

    .venvs/ml/bin/python -m tests.speech.choose_moonshine [--grid]

Needs flite and about five minutes of one core; --grid goes through the weights, too. Prints what docs/decisions/0061
holds. Sentences and numbers are in choosing_sentences.py and are never measured on.
"""

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from speech import PHRASES, ArpaModel, Word, decode, spoken_form, word_errors, write, written_form
from speech.recognition.beam import Hypothesis
from speech.recognition.confidence import Calibration, Evidence, evidences, same_places
from speech.recognition.fusion import FusionWeights, ShopPrior, spoken_words
from speech.recognition.moonshine import MoonshineEngine
from speech.recognition.moonshine_files import checked, find_folder
from speech.recognition.moonshine_pieces import END
from speech.recognition.transcript import Hints
from tests.flite import say
from tests.speech.choosing_sentences import GENERAL, SHOP, VOICES, spoken_numbers

_NUMBERS = 120
_DIGITS = 6
# One constant is moved at a time; the others stay as they are chosen.
GRID = {
    "weight": (0.2, 0.3, 0.4),
    "floor": (-11.0, -7.5),
    "reference": (-7.0, -5.0, -4.0),
    "order_nats": (0.0, 2.0, 4.0),
}


@dataclass(frozen=True)
class Heard:
    """One recording. number: the order number in it, if there is one."""

    kind: str
    said: str
    number: str | None
    readings: Sequence[Hypothesis]
    seconds: float


def recordings() -> Iterator[tuple[str, str, str, str | None]]:
    """Kind, voice, sentence, number. Each by two voices."""
    for kind, sentences in (("shop", SHOP), ("general", GENERAL)):
        for place, sentence in enumerate(sentences):
            for step in (0, 2):
                yield kind, VOICES[(place + step) % len(VOICES)], sentence, None
    for place, (number, sentence) in enumerate(spoken_numbers(_NUMBERS)):
        for step in (0, 2):
            yield "number", VOICES[(place + step) % len(VOICES)], sentence, number


def listen(engine: MoonshineEngine) -> list[Heard]:
    """Every recording's readings."""
    heard = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "voice.wav"
        for kind, voice, sentence, number in recordings():
            say(sentence, voice, path)
            samples = decode(path).samples
            heard.append(Heard(kind, sentence, number, engine.readings(samples, Hints()), samples.size / 16_000))
    return heard


def rescored(heard: Heard, prior: ShopPrior) -> list[Hypothesis]:
    """The readings, best first under another prior."""
    again = []
    for reading in heard.readings:
        state = prior.begin()
        for token in (*reading.tokens, END):
            state = state.followed_by(token)
        again.append(replace(reading, prior_nats=state.nats))
    return sorted(again, key=lambda one: -one.score)


def error_rates(all_heard: Sequence[Heard], prior: ShopPrior, *, again: bool) -> dict[str, float]:
    """Word error rates of sentences, share of numbers that are not heard."""
    errors, units = dict.fromkeys(("shop", "general", "number"), 0), dict.fromkeys(("shop", "general", "number"), 0)
    for heard in all_heard:
        best = (rescored(heard, prior) if again else heard.readings)[0]
        text = prior.pieces.text(best.tokens)
        if heard.number is not None:
            errors[heard.kind] += heard.number not in written_form(text)
            units[heard.kind] += 1
        else:
            words = spoken_form(heard.said)
            errors[heard.kind] += word_errors(" ".join(words), " ".join(spoken_form(text)))
            units[heard.kind] += len(words)
    return {kind: round(errors[kind] / units[kind], 4) for kind in errors}


def fitted(all_heard: Sequence[Heard], engine: MoonshineEngine) -> Calibration:
    """Logistic regression: is a word right, given its evidence?"""
    from sklearn.linear_model import LogisticRegression

    known: list[Evidence] = []
    right: list[bool] = []
    for heard in all_heard:
        words = heard.readings[0].words
        same = same_places([_zero(word) for word in words], [_zero(word) for word in spoken_words(heard.said)])
        known += evidences(heard.readings, engine.pieces)
        right += [place in same for place in range(len(words))]
    table = np.array([one.features for one in known])
    model = LogisticRegression(C=100.0, max_iter=1000).fit(table, right)
    print(f"{len(right)} words, {sum(right)} right")
    constant, weights = float(model.intercept_[0]), [float(weight) for weight in model.coef_[0]]
    return Calibration(round(constant, 3), *(round(weight, 3) for weight in weights))


def asked_back(all_heard: Sequence[Heard], engine: MoonshineEngine, calibration: Calibration) -> None:
    """For each threshold: numbers right at once, asked back, and wrong without asking."""
    rows = []
    for heard in all_heard:
        if heard.number is not None:
            found = [word for word in write(engine.words(heard.readings, calibration)) if _number_in(word)]
            rows.append((heard.number, found))
    print("| threshold | right at once | right, asked back | no number of six digits | wrong, asked back | wrong |")
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99):
        counts = [0] * 5
        for number, found in rows:
            if len(found) != 1:
                counts[2] += 1
            else:
                unsure = (found[0].confidence or 0.0) < threshold
                counts[{(1, 0): 0, (1, 1): 1, (0, 1): 3, (0, 0): 4}[_number_in(found[0]) == number, unsure]] += 1
        print(f"| {threshold} | {' | '.join(map(str, counts))} |")
    for number, found in rows:
        if len(found) == 1 and _number_in(found[0]) != number:
            print("   wrong:", number, _number_in(found[0]), round(found[0].confidence or 0.0, 4))


def _number_in(word: Word) -> str | None:
    digits = "".join(sign for sign in word.text if sign.isdigit())
    return digits if len(digits) == _DIGITS else None


def _zero(word: str) -> str:
    return "zero" if word in ("o", "oh") else word


def main() -> None:
    """Print everything."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--grid", action="store_true")
    grid = asked.parse_args().grid
    shop = ArpaModel.load(PHRASES)
    folder = checked(find_folder())
    engine = MoonshineEngine(folder, shop=shop)
    heard = listen(engine)
    print("chosen weights:", error_rates(heard, ShopPrior(shop, engine.pieces), again=False))
    if grid:
        bare = listen(MoonshineEngine(folder))
        print("without the shop:", error_rates(bare, ShopPrior(None, engine.pieces), again=False))
        pool = [
            replace(
                one, readings=list({reading.words: reading for reading in (*one.readings, *other.readings)}.values())
            )
            for one, other in zip(heard, bare, strict=True)
        ]
        for name, values in GRID.items():
            for value in values:
                weights = replace(FusionWeights(), **{name: value})
                rates = error_rates(pool, ShopPrior(shop, engine.pieces, weights=weights), again=True)
                print(f"{name} {value}: {rates}", flush=True)
    calibration = fitted(heard, engine)
    print(calibration)
    asked_back(heard, engine, calibration)


if __name__ == "__main__":
    main()
