"""Training: situations, the shelf, held-out orders, refits on made-up speakers, the figures of the artefact probe."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from emotion import SpeakerBaseline, VoiceScorer
from emotion.errors import TrainingError
from emotion.training.voice.artefacts import artefacts
from emotion.training.voice.corpus import CLASSES, Corpus, emodb_label, load_emodb
from emotion.training.voice.domains import UNSEEN, Domain
from emotion.training.voice.held_out import over_orders, score_rows
from emotion.training.voice.prosody_model import ProsodyOptions, fit_prosody, population_of
from emotion.training.voice.refit import ArrayModel, fit_calibrated, refit_scorer, write_scorer
from emotion.training.voice.shelf import load_rows, save_rows
from emotion.training.voice.spectrogram import SpectrogramOptions, band_means, train_network, write_network
from emotion.voice.measured import Measured
from emotion.voice.prosody import NAMES
from emotion.voice.spectrum import N_BANDS, spectrum_input
from tests.emotion.builders import tone, voice
from vocabulary import LABELS, SAMPLE_RATE_HZ


def made_up(speakers: int = 6, each: int = 6, versions: int = 3) -> Corpus:
    """Speakers whose voices differ, and whose emotions move a few figures the same way; not sound at all."""
    rng = np.random.default_rng(0)
    directions = 0.6 * rng.normal(size=(len(CLASSES), len(NAMES)))
    labels = [name for name in CLASSES for _ in range(each)] * speakers
    names = [f"{speaker:02}" for speaker in range(speakers) for _ in range(each * len(CLASSES))]
    voices = 3.0 * rng.normal(size=(versions, speakers, len(NAMES)))
    rows = tuple(
        tuple(
            Measured(
                (voices[version, int(name)] + directions[CLASSES.index(label)] + rng.normal(size=len(NAMES))).astype(
                    np.float32
                ),
                np.zeros((3, 24), dtype=np.float32),
                -20.0,
            )
            for label, name in zip(labels, names, strict=True)
        )
        for version in range(versions)
    )
    return Corpus(rows, np.array(labels), np.array(names))


def with_spectra(corpus: Corpus) -> Corpus:
    """The same clips with spectra of random lengths."""
    rng = np.random.default_rng(0)
    rows = tuple(
        tuple(
            Measured(row.figures, rng.normal(size=(int(rng.integers(80, 200)), N_BANDS)).astype(np.float32), -20.0)
            for row in version
            if row is not None
        )
        for version in corpus.rows
    )
    return Corpus(rows, corpus.labels, corpus.speakers)


@pytest.mark.parametrize("seed", range(4))
def test_a_situation_changes_the_sound_and_keeps_it_finite(seed: int) -> None:
    clip = voice(seed).samples.astype(np.float64)
    domain = Domain.draw(np.random.default_rng(seed))
    changed = domain.apply(clip, np.random.default_rng(1))
    assert np.isfinite(changed).all()
    assert np.abs(changed).max() == pytest.approx(0.5)
    assert changed.size == pytest.approx(clip.size / domain.speed, rel=0.02)
    assert np.array_equal(changed, domain.apply(clip, np.random.default_rng(1)))


def test_a_telephone_passes_no_bass_and_no_treble() -> None:
    noise = np.random.default_rng(0).normal(size=2 * SAMPLE_RATE_HZ)
    heard = UNSEEN["telephone"](np.random.default_rng(0)).apply(noise, np.random.default_rng(0))
    power = np.abs(np.fft.rfft(heard)) ** 2
    hz = np.fft.rfftfreq(heard.size, 1 / SAMPLE_RATE_HZ)
    inside = power[(hz > 500) & (hz < 3000)].mean()
    assert power[hz < 100].mean() < 0.05 * inside
    assert power[hz > 6000].mean() < 0.05 * inside


def test_noise_is_as_far_off_as_it_says() -> None:
    clip = tone(200.0, 2.0).astype(np.float64)
    heard = Domain(snr_db=10.0, colour=0.0).apply(clip, np.random.default_rng(0))
    share = np.dot(heard, clip) / np.dot(clip, clip)
    noise = heard - share * clip
    snr_db = 10 * np.log10((share * clip).var() / noise.var())
    assert snr_db == pytest.approx(10.0, abs=0.3)


def test_measured_clips_survive_the_shelf(tmp_path: Path) -> None:
    rows = (Measured(np.arange(3, dtype=np.float32), np.ones((5, 24), np.float32), -12.5), None)
    save_rows(tmp_path / "rows.npz", rows)
    back = load_rows(tmp_path / "rows.npz")
    assert back is not None
    first, second = back
    assert second is None
    assert first is not None
    assert np.array_equal(first.figures, [0, 1, 2])
    assert first.bands_db.shape == (5, 24)
    assert first.loudness_dbfs == pytest.approx(-12.5)


def test_no_clip_at_all_survives_too_and_a_damaged_file_is_none(tmp_path: Path) -> None:
    save_rows(tmp_path / "none.npz", (None, None))
    assert load_rows(tmp_path / "none.npz") == (None, None)
    (tmp_path / "bad.npz").write_bytes(b"PK nonsense")
    assert load_rows(tmp_path / "bad.npz") is None
    assert load_rows(tmp_path / "missing.npz") is None


def test_file_names_tell_the_emotion() -> None:
    assert emodb_label(Path("03a01Wa.flac")) == "anger"
    assert emodb_label(Path("16b10Lb.flac")) == "boredom"
    with pytest.raises(TrainingError, match="03a01Wa"):
        emodb_label(Path("song.flac"))


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="--data"):
        load_emodb(tmp_path, tmp_path)


def test_spread_within_and_between_voices_by_hand() -> None:
    figures = np.array([[[0.0], [1.0], [2.0], [10.0], [11.0], [12.0]]])
    population = population_of(figures, np.array(["a"] * 3 + ["b"] * 3))
    assert population.mean == pytest.approx([6.0])
    assert population.within == pytest.approx([2 / 3], abs=1e-6)
    assert population.between[0] >= 25.0


def test_a_refit_knows_a_voice_that_it_has_not_heard_after_a_baseline() -> None:
    corpus = made_up()
    scorer = refit_scorer(corpus, corpus.speakers != "05")
    held = corpus.part(corpus.speakers == "05")
    found = {
        online: over_orders(held.rows[0], held.labels, held.speakers, lambda _: scorer, online=online)["uar"]
        for online in (0, 5)
    }
    # The voices differ far more than the emotions: a first turn says little.
    assert found[5] > 2 / 6
    assert found[5] > found[0]


def test_baseline_clips_are_not_scored() -> None:
    corpus = made_up(speakers=3, each=2)
    scorer = refit_scorer(corpus, np.ones(len(corpus.labels), dtype=bool))
    scores = score_rows(corpus.rows[0], corpus.speakers, lambda _: scorer, online=5, seed=1)
    assert len(scores.clips) == len(corpus.labels) - 3 * 5
    other = score_rows(corpus.rows[0], corpus.speakers, lambda _: scorer, online=5, seed=2)
    assert not np.array_equal(scores.clips, other.clips)


def test_a_class_that_the_clips_lack_is_unknown_and_never_answered() -> None:
    corpus = made_up(speakers=4, each=3)
    scorer = refit_scorer(corpus, corpus.labels != "disgust")
    view = scorer.view(
        np.stack([row.figures for row in corpus.rows[0] if row is not None]).astype(float), SpeakerBaseline()
    )
    assert view.probabilities[:, LABELS.index("disgust")].max() < 1e-6


def test_the_written_file_answers_as_the_fit(tmp_path: Path) -> None:
    corpus = made_up(speakers=4, each=3)
    fitted = fit_calibrated(corpus, ProsodyOptions())
    write_scorer(fitted, tmp_path, seed=7)
    row = corpus.rows[0][0]
    assert row is not None
    opened, fit = VoiceScorer(tmp_path).score_measured(row).score, fitted.scorer.score_measured(row).score
    assert opened.probabilities == pytest.approx(fit.probabilities, abs=1e-3)
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    inputs = np.random.default_rng(0).normal(size=(2, 2 * len(NAMES) + 1)).astype(np.float32)
    names = ["logits", "arousal", "distance"]
    for ours, written in zip(
        ArrayModel(fitted.model).run(names, {"inputs": inputs}), session.run(names, {"inputs": inputs}), strict=True
    ):
        assert written == pytest.approx(ours, abs=1e-3)


def test_the_same_clips_make_the_same_model() -> None:
    corpus = made_up(speakers=3, each=2)
    first, second = fit_prosody(corpus, ProsodyOptions()), fit_prosody(corpus, ProsodyOptions())
    assert np.array_equal(first.weight, second.weight)


def test_the_network_learns_with_baselines_and_its_file_answers_as_it_does(tmp_path: Path) -> None:
    """One pass over made-up spectra: the written file takes clips of any length and gives the same logits."""
    import torch

    corpus = with_spectra(made_up(speakers=3, each=2, versions=2))
    bands = population_of(band_means(corpus), corpus.speakers)
    network = train_network(corpus, bands, SpectrogramOptions(epochs=2))
    write_network(network, tmp_path / "network.onnx")
    assert (tmp_path / "network.onnx").stat().st_size < 5_000_000
    session = onnxruntime.InferenceSession(str(tmp_path / "network.onnx"), providers=["CPUExecutionProvider"])
    for n_frames in (60, 211):
        clip = np.random.default_rng(n_frames).normal(size=(1, 2, n_frames, N_BANDS)).astype(np.float32)
        with torch.inference_mode():
            expected = network(torch.from_numpy(clip)).numpy()
        assert session.run(None, {"spectrum": clip})[0] == pytest.approx(expected, abs=1e-4)


def test_a_spectrum_against_its_own_mean_hears_no_microphone() -> None:
    bands = np.random.default_rng(0).normal(size=(50, N_BANDS)) * 10.0
    response = np.linspace(-8.0, 8.0, N_BANDS)
    plain, filtered = spectrum_input(bands, np.zeros(N_BANDS)), spectrum_input(bands + response, np.zeros(N_BANDS))
    assert filtered[0] == pytest.approx(plain[0], abs=1e-5)
    assert not np.allclose(filtered[1], plain[1])
    assert spectrum_input(bands + response, response)[1] == pytest.approx(plain[1], abs=1e-5)


def test_the_probe_sees_length_padding_and_treble_alone() -> None:
    sound = np.random.default_rng(0).normal(size=SAMPLE_RATE_HZ)
    seconds, before, after, treble = artefacts(np.concatenate([np.zeros(1600), sound, np.zeros(8000)]))
    assert (seconds, before, after) == pytest.approx((1.6, 0.1, 0.5), abs=0.011)
    assert treble == pytest.approx(np.log10(1 / 8), abs=0.05)
