"""The shipped text model: what it refuses, what it explains, what it costs, how well it does."""

import json
import shutil
from pathlib import Path
from time import process_time

import numpy as np
import pytest

from emotion import ModelError, TextScorer
from emotion.text.cues import NAMES, read_cues, without
from emotion.text.reading import NUANCES
from tests.emotion.builders import customer_said
from tests.emotion.conftest import MODELS
from vocabulary import LABELS, Absent, Modality, ModalityScore

FOLDER = MODELS / "text_emotion"
TWENTY_WORDS = (
    "I already told you last week that the kettle has not arrived, please check again where it is and tell me!"
)
LIMIT_MB = 25.0


def scored(scorer: TextScorer, text: str, *earlier: str) -> ModalityScore:
    score = scorer.score(text, context=customer_said(*earlier))
    assert isinstance(score, ModalityScore)
    return score


def cue(scorer: TextScorer, text: str, *earlier: str) -> float:
    found = scored(scorer, text, *earlier).frustration_cue
    assert found is not None
    return found


def test_a_score_is_complete(text_scorer: TextScorer) -> None:
    score = scored(text_scorer, "This is outrageous, I am really angry with you!")
    assert score.modality is Modality.TEXT
    assert score.known_labels == LABELS
    assert score.confidence == pytest.approx(max(score.probabilities))
    assert score.probabilities.index(max(score.probabilities)) == LABELS.index("anger")
    assert score.valence is not None and score.valence < 0
    assert score.arousal is not None and score.arousal > 0
    assert score.sentiment is not None and sum(score.sentiment[:2]) > 0.7
    assert set(score.nuances) == set(NUANCES)


def test_gratitude_is_happiness_without_frustration(text_scorer: TextScorer) -> None:
    score = scored(text_scorer, "Thank you so much, you solved it!")
    assert score.frustration_cue is not None and score.valence is not None and score.sentiment is not None
    assert score.probabilities[LABELS.index("happiness")] > 0.8
    assert score.frustration_cue < 0.1
    assert score.valence > 0.3
    assert score.nuances["gratitude"] > 0.8
    assert sum(score.sentiment[3:]) > 0.7


@pytest.mark.parametrize(
    ("nuance", "text", "other"),
    [
        ("annoyance", "It is so annoying that the page logs me out.", "The page logs me out."),
        ("disappointment", "I'm disappointed, I had hoped for more.", "I had some more."),
        ("confusion", "I'm confused, I don't understand which one it is.", "I need the small one, please."),
        ("gratitude", "I really appreciate your help, thank you.", "I read your help page."),
    ],
)
def test_a_nuance_is_found_where_it_is_said(text_scorer: TextScorer, nuance: str, text: str, other: str) -> None:
    assert scored(text_scorer, text).nuances[nuance] > 0.4
    assert scored(text_scorer, other).nuances[nuance] < 0.25


def test_counting_attempts_is_a_complaint_and_counting_help_is_not(text_scorer: TextScorer) -> None:
    assert cue(text_scorer, "This is the third time I ask, and nobody helps me") > 0.6
    assert cue(text_scorer, "thanks, that is the third time today you helped me") < 0.25


@pytest.mark.parametrize(
    "text", ["", "   ", "417203", "#417203!", "…", "12.05.2026", "Wo ist mein Paket?", "注文はどこですか", "أين طلبي؟"]
)
def test_what_cannot_be_judged_is_absent_and_never_neutral(text_scorer: TextScorer, text: str) -> None:
    assert isinstance(text_scorer.score(text), Absent)


@pytest.mark.parametrize(
    "text",
    [
        "x" * 100_000,
        "why " * 25_000,
        "where is my parcel " * 2_500,
        "\x00\x07 help \ufeff me",
        "ab\ud800cd",
        "😡😡😡",
        "🙂" * 10_000,
        "👩‍👩‍👧‍👦❤️🏳️‍🌈",
        "!!!",
        "\u202ewhere is my order\u202c",
        "e\u0301" * 3_000,
        "[MASK] [SEP] [CLS] [PAD] help",
    ],
)
def test_odd_input_gets_a_valid_score_in_time(text_scorer: TextScorer, text: str) -> None:
    started = process_time()
    assert isinstance(text_scorer.score(text), ModalityScore | Absent)
    assert process_time() - started < 0.5


def test_of_a_long_message_the_end_counts(text_scorer: TextScorer) -> None:
    calm = "My order has the number 417203 and it came in a box. " * 300
    assert cue(text_scorer, calm + "I am furious, this is a disgrace, you are useless!") > cue(text_scorer, calm) + 0.2


def test_other_messages_do_not_change_a_score(text_scorer: TextScorer) -> None:
    before = text_scorer.score("Where is my parcel?")
    text_scorer.score("I HATE YOU " * 100)
    assert text_scorer.score("Where is my parcel?") == before


def test_saying_the_same_again_raises_the_cue(text_scorer: TextScorer) -> None:
    message = "I need the return label for the toaster"
    assert cue(text_scorer, message, "Hello", message) > cue(text_scorer, message, "Hello")


def test_a_short_answer_given_twice_is_no_complaint(text_scorer: TextScorer) -> None:
    assert cue(text_scorer, "yes please", "yes please") == cue(text_scorer, "yes please")


def test_reasons_are_cues_without_which_the_cue_falls(text_scorer: TextScorer) -> None:
    texts = [
        "This is outrageous, I am really angry with you!",
        "THIS IS THE THIRD TIME!!! NOBODY HELPS ME",
        TWENTY_WORDS,
        "I've been waiting for weeks and still no answer, what the hell",
    ]
    named = 0
    for text in texts:
        score = scored(text_scorer, text)
        values = [feature.value for feature in score.features if feature.name in NAMES]
        assert values == sorted(values, reverse=True)
        for feature in score.features:
            if feature.name in NAMES:
                named += 1
                assert cue(text_scorer, without(text, feature.name)) < cue(text_scorer, text)
    assert named >= 4


def test_praise_gives_no_reason_for_frustration(text_scorer: TextScorer) -> None:
    assert not {feature.name for feature in scored(text_scorer, "Thank you, wonderful!").features} & set(NAMES)


def test_taking_a_cue_out_takes_it_out() -> None:
    text = "WHERE IS MY REFUND?!?! For god's sake, this is ridiculous, I'm fed up."
    for name in ("capitals", "repeated_marks", "profanity", "outrage", "own_anger"):
        assert read_cues(text).value(name) > 0 or name == "capitals"
        assert read_cues(without(text, name)).value(name) == 0


def test_capitals_and_marks_raise_arousal(text_scorer: TextScorer) -> None:
    calm, loud = scored(text_scorer, "I want my money back now"), scored(text_scorer, "I WANT MY MONEY BACK NOW!!!")
    assert calm.arousal is not None and loud.arousal is not None
    assert loud.arousal > calm.arousal + 0.1


def test_a_missing_or_foreign_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="attune emotion train text"):
        TextScorer(tmp_path)
    shutil.copytree(MODELS / "voice_emotion", tmp_path / "voice")
    with pytest.raises(ModelError, match="kind"):
        TextScorer(tmp_path / "voice")


@pytest.mark.parametrize(
    ("name", "content", "match"),
    [
        ("model.onnx", "no model", "cannot be loaded"),
        ("tokenizer.json", "{}", "cannot be read"),
        ("meta.json", "{", "cannot be read"),
        ("meta.json", '{"kind": "text", "revision": 2, "cues": []}', "other cues"),
        ("meta.json", '{"kind": "text", "revision": 2}', "calibration constants"),
        ("meta.json", '{"kind": "text", "revision": 1}', "expected"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path: Path, name: str, content: str, match: str) -> None:
    for file in ("model.onnx", "tokenizer.json", "meta.json"):
        (tmp_path / file).symlink_to(FOLDER / file)
    (tmp_path / name).unlink()
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=match):
        TextScorer(tmp_path)


def test_twenty_words_with_reasons_take_a_few_milliseconds(text_scorer: TextScorer) -> None:
    spent = []
    for _ in range(40):
        started = process_time()
        text_scorer.score(TWENTY_WORDS)
        spent.append(process_time() - started)
    # The processor's time, and the quickest of many: other processes of the machine are not what is measured.
    assert min(spent) < 0.012


def test_the_model_is_small_and_its_card_is_there() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < LIMIT_MB * 1e6
    assert "GoEmotions" in (FOLDER / "card.md").read_text(encoding="utf-8")
    assert json.loads((FOLDER / "meta.json").read_text(encoding="utf-8"))["labels"] == list(LABELS)


@pytest.mark.shared
def test_a_sample_of_held_out_comments_stays_above_the_floors(shared_data: Path, text_scorer: TextScorer) -> None:
    from emotion.training.text.comments_measured import comment_figures, read_comments
    from emotion.training.text.goemotions import Comments, load_comments

    whole = load_comments(shared_data / "text_emotion" / "goemotions", "test")
    rows = np.random.default_rng(0).permutation(len(whole.texts))[:800]
    part = Comments(tuple(whole.texts[row] for row in rows), whole.multi[rows], whole.soft[rows])
    readings = read_comments(part, lambda text: text_scorer.read(text, read_cues(text)))
    figures = comment_figures(part, readings, text_scorer.thresholds)
    assert figures.macro_f1 >= 0.58
    assert figures.top_right >= 0.66
    assert figures.ece <= 0.06
