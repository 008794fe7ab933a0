"""Synthetic turns and what is fitted on them, with made-up scorers; and the constants that ship, on stored readings."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from emotion import FusionOptions, fuse
from emotion.errors import TrainingError
from emotion.training.fusion.card import write_card
from emotion.training.fusion.face_items import spoil as spoil_face
from emotion.training.fusion.fitting import conditions_of, fit_options
from emotion.training.fusion.held_out import (
    CLEAN,
    NOISY,
    HeldOut,
    HeldOutItem,
    item,
    load_readings,
    read_or_score,
    save_readings,
)
from emotion.training.fusion.networks import FEATURES, features, train
from emotion.training.fusion.report import ALLOWED_BEHIND, POOLED, FusionReport, compare
from emotion.training.fusion.text_items import spoil as spoil_text
from emotion.training.fusion.turns import CONTRADICTORY_SHARE, halves, make_turns
from emotion.training.fusion.voice_items import spoil as spoil_voice
from tests.emotion.builders import score
from vocabulary import LABELS, Absent, Modality, ModalityScore

SHIPPED = Path(__file__).resolve().parent.parent.parent.parent / "models" / "fusion"
SIX = tuple(label for label in LABELS if label != "surprise")


def reading(modality: Modality, label: str, strength: float, rng: np.random.Generator) -> ModalityScore:
    """What a scorer of this strength may say about an item of this label: calibrated at strength 1 by construction."""
    known = SIX if modality is Modality.VOICE else LABELS
    logits = rng.normal(size=len(LABELS)) + strength * np.array([name == label for name in LABELS])
    powers = np.where([name in known for name in LABELS], np.exp(strength * logits), 0.0)
    shares = powers / powers.sum()
    return ModalityScore(modality, tuple(map(float, shares)), confidence=float(shares.max()), known_labels=known)


def pool(
    modality: Modality, strength: float, seed: int, *, labels: tuple[str, ...] = LABELS
) -> tuple[HeldOutItem, ...]:
    rng = np.random.default_rng(seed)
    return tuple(
        item(
            label,
            {CLEAN: reading(modality, label, strength, rng), NOISY: reading(modality, label, strength / 3, rng)},
        )
        for label in labels
        for _ in range(30)
    )


def three(seed: int) -> dict[Modality, tuple[HeldOutItem, ...]]:
    return {
        Modality.TEXT: pool(Modality.TEXT, 1.6, seed),
        Modality.VOICE: pool(Modality.VOICE, 1.4, seed + 1, labels=SIX),
        Modality.FACE: pool(Modality.FACE, 1.8, seed + 2),
    }


def test_labels_are_equally_frequent_and_a_declared_share_contradicts() -> None:
    turns = make_turns(three(0), count=600, seed=1)
    labels = Counter(turn.label for turn in turns)
    assert labels[None] == round(600 * CONTRADICTORY_SHARE)
    # Surprise is no label of the voices: its turns would be known by the voice's absence.
    assert set(labels) == {*SIX, None}
    assert {labels[label] for label in SIX} == {80}


def test_items_of_a_turn_share_its_label_and_a_contradiction_has_both_sides() -> None:
    for turn in make_turns(three(0), count=200, seed=1):
        found = {one.label for one in turn.items.values()}
        if turn.label is not None:
            assert found == {turn.label}
        else:
            assert "happiness" in found
            assert len(found) == 2
            assert not found & {"surprise", "neutral"}


def test_a_missing_modality_is_left_out_and_a_noisy_one_is_another_reading() -> None:
    turn = make_turns(three(0), count=10, seed=1)[0]
    whole = turn.scores({})
    missing = turn.scores({Modality.VOICE: None})
    noisy = turn.scores({Modality.FACE: NOISY})
    assert [one.modality for one in missing] == [Modality.TEXT, Modality.FACE]
    assert noisy[:2] == whole[:2]
    assert noisy[2] == turn.items[Modality.FACE].readings[NOISY]


def test_too_little_to_make_turns_is_told() -> None:
    with pytest.raises(TrainingError, match="at least two"):
        make_turns({Modality.TEXT: pool(Modality.TEXT, 1.0, 0)}, count=10, seed=0)
    with pytest.raises(TrainingError, match="labels common"):
        make_turns({**three(0), Modality.FACE: pool(Modality.FACE, 1.0, 0, labels=("fear",))}, count=10, seed=0)
    with pytest.raises(TrainingError, match="'boredom'"):
        item("boredom", {})


def test_an_absent_reading_is_left_out() -> None:
    assert set(item("anger", {CLEAN: score(), NOISY: Absent("no words")}).readings) == {CLEAN}


@pytest.fixture(scope="module")
def fitted() -> FusionOptions:
    items = three(0)
    return fit_options(items, make_turns(items, count=25, seed=1), version="test")


@pytest.fixture(scope="module")
def report(fitted: FusionOptions) -> FusionReport:
    items = three(50)
    turns = make_turns(items, count=250, seed=2)
    nets = {"attention": train("attention", turns, turns[:200], conditions_of(list(items)), list(items), seed=0)}
    return compare(turns, list(items), fitted, nets, dict.fromkeys(items, "made up"))


def test_fitted_fusion_beats_the_best_modality_and_is_never_behind(report: FusionReport) -> None:
    clean = report.conditions[0]
    assert clean.name == "all clean"
    assert clean.behind[POOLED] < -0.05
    assert report.most_behind[POOLED] <= ALLOWED_BEHIND
    assert {one.name for one in report.conditions} >= {"voice noisy", "face missing"}


def test_fitting_sees_that_a_modality_says_anything() -> None:
    voices = pool(Modality.VOICE, 1.4, 9, labels=SIX)
    labels = np.random.default_rng(3).permutation([one.label for one in voices])
    # As sure as ever, of labels that are drawn by lot.
    anything = tuple(HeldOutItem(str(label), one.readings) for label, one in zip(labels, voices, strict=True))
    items = {Modality.TEXT: pool(Modality.TEXT, 1.6, 0), Modality.VOICE: anything}
    options = fit_options(items, make_turns(items, count=50, seed=1), version="test")
    assert options.temperature_of("text") < 1.5 < options.temperature_of("voice")


def test_the_card_names_what_is_synthetic_and_every_condition(tmp_path: Path, report: FusionReport) -> None:
    write_card(tmp_path, report)
    card = (tmp_path / "card.md").read_text(encoding="utf-8")
    assert "Every figure here is *synthetic*" in card
    assert all(f"| {one.name} |" in card for one in report.conditions)
    assert json.loads(json.dumps(report.to_dict()))["kind"].startswith("synthetic")


def test_a_net_without_any_score_says_nothing_in_particular(report: FusionReport) -> None:
    turns = make_turns(three(0), count=60, seed=1)
    net = train("feature", turns, turns, [{}], list(three(0)), seed=0)
    found = net.probabilities([[], turns[0].scores({})])
    assert found[0] == pytest.approx(1 / 7)
    assert found.sum(axis=1) == pytest.approx(1.0)


def test_a_missing_modality_is_zeros_to_the_nets() -> None:
    rows = features([score(Modality.VOICE)], [Modality.TEXT, Modality.VOICE])
    assert rows.shape == (2, FEATURES)
    assert not rows[0].any()
    assert rows[1, -1] == 1.0


def test_readings_are_stored_once_and_again_when_the_model_changes(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.mkdir()
    (model / "meta.json").write_text("1")
    calls = []

    def score_all() -> list[HeldOutItem]:
        calls.append(1)
        return [item("anger", {CLEAN: score()})]

    first = read_or_score(tmp_path, ["text", model], score_all)
    assert read_or_score(tmp_path, ["text", model], score_all) == first
    assert len(calls) == 1
    (model / "meta.json").write_text("2")
    read_or_score(tmp_path, ["text", model], score_all)
    assert len(calls) == 2


def test_readings_survive_the_file_that_ships(tmp_path: Path) -> None:
    items = three(0)
    save_readings(tmp_path / "readings.npz", items)
    again = load_readings(tmp_path / "readings.npz")
    assert again.keys() == items.keys()
    for modality, before in items.items():
        assert [one.label for one in again[modality]] == [one.label for one in before]
        for one, other in zip(before, again[modality], strict=True):
            assert other.readings[NOISY].probabilities == pytest.approx(one.readings[NOISY].probabilities, abs=1e-6)
            assert other.readings[CLEAN].known_labels == one.readings[CLEAN].known_labels


def test_spoilt_words_and_faces_are_other_ones() -> None:
    rng = np.random.default_rng(0)
    text = "where is the parcel that I ordered a fortnight ago, nobody answers my question"
    assert len(spoil_text(text, rng).split()) < len(text.split())
    assert spoil_text("a", np.random.default_rng(1)) == "a"
    faces = np.tile(np.arange(48, dtype=np.uint8) * 5, (2, 48, 1))
    assert spoil_face(faces, rng).shape == faces.shape
    assert (spoil_face(faces, rng) != faces).mean() > 0.5


def test_a_spoilt_voice_is_as_loud_as_before_and_silence_stays_silence() -> None:
    samples = np.sin(np.arange(1600, dtype=np.float32) / 9) * np.float32(0.3)
    spoilt = spoil_voice(samples, np.random.default_rng(0))
    assert np.abs(spoilt).max() == pytest.approx(np.abs(samples).max(), rel=1e-5)
    assert np.abs(spoilt - samples).mean() > 0.02
    assert not spoil_voice(np.zeros(10, dtype=np.float32), np.random.default_rng(0)).any()


def test_halves_are_by_modality() -> None:
    one = HeldOut(Modality.TEXT, pool(Modality.TEXT, 1.0, 0)[:1], pool(Modality.TEXT, 1.0, 0)[1:2], "made up")
    fit, told = halves([one])
    assert (fit[Modality.TEXT], told[Modality.TEXT]) == (one.fit, one.report)


# From here on: the constants that ship, on the readings of the reporting half that ship beside them.


@pytest.fixture(scope="module")
def shipped() -> FusionReport:
    items = load_readings(SHIPPED / "readings.npz")
    turns = make_turns(items, count=800, seed=2027)
    return compare(turns, list(items), FusionOptions.load(SHIPPED), {}, dict.fromkeys(items, ""))


def test_shipped_fusion_is_never_more_than_a_point_behind_the_best_modality(shipped: FusionReport) -> None:
    behind: Mapping[str, float] = {one.name: one.behind[POOLED] for one in shipped.conditions}
    assert {name: round(value, 3) for name, value in behind.items() if value > ALLOWED_BEHIND} == {}


def test_shipped_fusion_of_everything_clearly_beats_the_best_modality(shipped: FusionReport) -> None:
    assert shipped.conditions[0].behind[POOLED] < -0.03


def test_shipped_constants_leave_one_modality_its_label() -> None:
    options = FusionOptions.load(SHIPPED)
    assert options.version != "unfitted"
    alone = fuse([score(Modality.VOICE, "fear", 0.6, known=SIX)], options=options)
    assert alone is not None
    assert alone.label == "fear"
    even = fuse([score(Modality.VOICE, "fear", 0.6, known=SIX)], options=replace(options, habit_kept=0.0))
    assert even is not None
    assert even.probabilities != alone.probabilities
