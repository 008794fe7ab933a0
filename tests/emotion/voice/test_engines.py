"""A transformers audio-classification model as the engine: a tiny checkpoint, label words, refusals, doctor's line."""

from pathlib import Path

import numpy as np
import pytest

from emotion import ModelError, SpeakerBaseline, VoiceReading, VoiceScorer
from emotion.opening import EngineOptions, open_panel
from emotion.voice.engines import (
    SETTING,
    TransformersVoiceScorer,
    describe_voice_emotion,
    label_places,
    open_voice_scorer,
)
from tests.emotion.builders import voice
from tests.emotion.conftest import MODELS
from vocabulary import LABELS, SAMPLE_RATE_HZ, Absent, Clip, Modality


def make_checkpoint(folder: Path, labels: tuple[str, ...]) -> Path:
    """A random wav2vec2 classifier of a few thousand weights, saved as published models are."""
    import torch
    from transformers import Wav2Vec2Config, Wav2Vec2FeatureExtractor, Wav2Vec2ForSequenceClassification

    torch.manual_seed(0)
    config = Wav2Vec2Config(
        vocab_size=8,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8, 8),
        conv_stride=(20, 16),
        conv_kernel=(20, 16),
        num_feat_extract_layers=2,
        num_conv_pos_embeddings=4,
        num_conv_pos_embedding_groups=2,
        classifier_proj_size=8,
        num_labels=len(labels),
        id2label=dict(enumerate(labels)),
        label2id={name: at for at, name in enumerate(labels)},
    )
    Wav2Vec2ForSequenceClassification(config).save_pretrained(folder)
    Wav2Vec2FeatureExtractor(sampling_rate=SAMPLE_RATE_HZ).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkpoint(tmp_path_factory.mktemp("wav2vec2"), ("neu", "calm", "hap", "ang", "sad", "fear"))


@pytest.fixture(scope="module")
def engine(checkpoint: Path) -> TransformersVoiceScorer:
    return TransformersVoiceScorer(str(checkpoint))


def test_a_configured_model_scores(engine: TransformersVoiceScorer) -> None:
    reading = engine.score(voice(1))
    assert isinstance(reading, VoiceReading)
    score = reading.score
    assert score.modality is Modality.VOICE
    assert set(score.known_labels) == {"neutral", "happiness", "anger", "sadness", "fear"}
    assert score.probabilities[LABELS.index("surprise")] == score.probabilities[LABELS.index("disgust")] == 0.0
    assert sum(score.probabilities) == pytest.approx(1.0)
    # Two of six random labels, neu and calm, are neutral here.
    assert score.probabilities[LABELS.index("neutral")] == pytest.approx(max(score.probabilities))
    assert score.arousal is not None and score.frustration_cue is not None


def test_it_hears_each_clip_alone(engine: TransformersVoiceScorer) -> None:
    baseline = SpeakerBaseline().updated("voice", [1.0])
    reading, alone = engine.score(voice(1), baseline=baseline), engine.score(voice(1))
    assert isinstance(reading, VoiceReading) and isinstance(alone, VoiceReading)
    assert reading.baseline == baseline
    assert reading.score == alone.score


def test_only_the_customers_segments_reach_it(engine: TransformersVoiceScorer) -> None:
    customer, other = voice(0), voice(3, low=220.0, high=420.0)
    both = Clip(np.concatenate([customer.samples, other.samples]), customer_segments=((0.0, customer.seconds),))
    alone, cut = engine.score(customer), engine.score(both)
    assert isinstance(alone, VoiceReading) and isinstance(cut, VoiceReading)
    assert cut.score == alone.score


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(3 * SAMPLE_RATE_HZ)], ids=["empty", "silence"])
def test_too_little_voice_is_absent(engine: TransformersVoiceScorer, samples: np.ndarray) -> None:
    assert isinstance(engine.score(Clip(samples.astype(np.float32))), Absent)


def test_labels_without_meaning_are_named(tmp_path: Path) -> None:
    folder = make_checkpoint(tmp_path / "strange", ("LABEL_0", "angry"))
    with pytest.raises(ModelError, match=rf"LABEL_0.*{SETTING}"):
        TransformersVoiceScorer(str(folder))


@pytest.mark.parametrize(
    ("names", "labels"),
    [
        (["angry", "calm", "disgust", "fearful"], ["anger", "neutral", "disgust", "fear"]),
        (["NEU", "Hap", "ANG", "sad"], ["neutral", "happiness", "anger", "sadness"]),
        (["surprised", "pleasant_surprise"], ["surprise", "surprise"]),
    ],
)
def test_words_of_published_models_are_understood(names: list[str], labels: list[str]) -> None:
    assert [LABELS[place] for place in label_places(names, "a model")] == labels


@pytest.mark.parametrize("content", [None, "{}", "not json"])
def test_a_folder_without_a_model_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=SETTING):
        TransformersVoiceScorer(str(tmp_path))


def test_no_setting_means_the_own_model() -> None:
    assert isinstance(open_voice_scorer(MODELS / "voice_emotion"), VoiceScorer)


def test_the_panel_opens_the_configured_engine(checkpoint: Path) -> None:
    panel = open_panel(MODELS, options=EngineOptions(plugins=False, voice_model=str(checkpoint)))
    assert isinstance(panel.voice, TransformersVoiceScorer)


def test_a_configured_engine_that_fails_is_not_replaced(tmp_path: Path) -> None:
    panel = open_panel(MODELS, options=EngineOptions(plugins=False, voice_model=str(tmp_path / "none")))
    assert panel.voice is None


def test_doctor_says_which_engine_reads_voices(checkpoint: Path, tmp_path: Path) -> None:
    own = describe_voice_emotion(MODELS / "voice_emotion", "")
    assert own.engine == "own model, ONNX" and not own.is_configured
    configured = describe_voice_emotion(MODELS / "voice_emotion", str(checkpoint))
    assert configured.engine == f"transformers: {checkpoint}" and configured.is_configured
    assert describe_voice_emotion(MODELS / "voice_emotion", str(tmp_path / "none")).engine is None
    assert describe_voice_emotion(tmp_path, "").engine is None
