"""The text model's training on a tiny encoder and a handful of comments, from data to the files that ship."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from emotion import TextScorer
from emotion.errors import TrainingError
from emotion.text.affect import GOEMOTIONS
from emotion.text.cues import NAMES
from emotion.text.model import label_logits
from emotion.text.tokens import MAX_TOKENS, Tokens, excerpt, name_signs, pad
from emotion.training.text.comments_measured import choose_thresholds, evaluate_goemotions, fit_chance
from emotion.training.text.examples import comment_valence, ekman_labels, sentiment, training_examples
from emotion.training.text.finetune import TextOptions, finetune
from emotion.training.text.network import HEADS, build_network
from emotion.training.text.onnx_model import write_model
from emotion.training.text.run import train_text
from tests.emotion.conftest import MODELS
from vocabulary import LABELS, ModalityScore

OPTIONS = TextOptions(epochs=4, batch=16, seed=3)
COMMENTS = [
    ("thank you so much", 15),
    ("this is annoying", 3),
    ("where is it", 27),
    ("i do not understand this", 6),
    ("what a pity", 9),
    ("i am afraid", 14),
    ("so sad", 25),
    ("that is disgusting", 11),
    ("wow i did not know", 26),
    ("i love it", 18),
]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An encoder of two layers and 16 dimensions with the real word pieces, its weights random."""
    import torch
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("base")
    torch.manual_seed(0)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32, max_position_embeddings=160
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    (folder / "tokenizer.json").symlink_to(MODELS / "text_emotion" / "tokenizer.json")
    return folder


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GoEmotions' layout with the same ten comments in every split, four times."""
    root = tmp_path_factory.mktemp("data")
    folder = root / "text_emotion" / "goemotions" / "original"
    folder.mkdir(parents=True)
    (folder / "labels.txt").write_text("\n".join(GOEMOTIONS), encoding="utf-8")
    lines = "".join(f"{text}\t{number}\tid{at}\n" for at, (text, number) in enumerate(COMMENTS * 4))
    for split in ("train", "dev", "test"):
        (folder / f"{split}.tsv").write_text(lines, encoding="utf-8")
    return root


def test_training_writes_a_folder_that_scores_with_its_card(base: Path, data: Path, tmp_path: Path) -> None:
    said: list[str] = []
    folders = tmp_path / "model", tmp_path / "work"
    report = train_text(data, base, *folders, options=OPTIONS, limit=40, progress=said.append)
    assert {path.name for path in (tmp_path / "model").iterdir()} == {
        "model.onnx",
        "tokenizer.json",
        "meta.json",
        "card.md",
    }
    scorer = TextScorer(tmp_path / "model")
    assert isinstance(scorer.score("where is it"), ModalityScore)
    assert len(scorer.thresholds) == len(LABELS)
    assert report.turns is None and report.pairs is None
    assert report.comments.n == 40
    assert f"{report.comments.macro_f1:.3f}" in (tmp_path / "model" / "card.md").read_text(encoding="utf-8")
    assert "step" in said[-1]
    again = evaluate_goemotions(data / "text_emotion" / "goemotions", "test", scorer)
    assert again.to_dict() == report.comments.to_dict()


def test_a_run_that_was_broken_off_goes_on_as_if_it_had_not_been(
    base: Path, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = training_examples(
        data / "text_emotion" / "goemotions", Tokens(base / "tokenizer.json"), seed=3, limit=40
    )
    whole = weights(finetune(examples, base, tmp_path / "whole", OPTIONS))
    monkeypatch.setattr("emotion.training.text.finetune.SAVE_EVERY", 5)

    class BrokenOffError(Exception):
        pass

    def break_off(words: str) -> None:
        if words.startswith("step 10 "):
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        finetune(examples, base, tmp_path / "parts", OPTIONS, progress=break_off)
    steps: list[str] = []
    resumed = weights(finetune(examples, base, tmp_path / "parts", OPTIONS, progress=steps.append))
    assert steps[0].startswith("step 15 ")
    for name, values in whole.items():
        assert resumed[name] == pytest.approx(values, abs=1e-6), name


def test_the_8_bit_file_says_nearly_what_the_network_says(base: Path, tmp_path: Path) -> None:
    import onnxruntime
    import torch

    network = build_network(base).eval()
    with torch.no_grad():
        for head in network.heads:
            head.weight.mul_(10.0)
    write_model(weights(network), tmp_path, heads=2)
    session = onnxruntime.InferenceSession(str(tmp_path / "model.onnx"), providers=["CPUExecutionProvider"])
    rng = np.random.default_rng(0)
    ids, mask = pad([rng.integers(5, 30_000, size=size).tolist() for size in (3, 17, MAX_TOKENS)])
    cues = rng.random((3, len(NAMES))).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(ids), torch.from_numpy(mask), torch.from_numpy(cues))
    found = session.run(list(HEADS), {"input_ids": ids, "attention_mask": mask, "cues": cues})
    for one, other in zip(found, expected, strict=True):
        scale = float(np.abs(other.numpy()).max())
        assert one == pytest.approx(other.numpy(), abs=0.05 * scale)


def test_a_base_without_weights_is_named(data: Path, tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="lacks model"):
        train_text(data, tmp_path, tmp_path / "model", tmp_path / "work")


def test_thresholds_and_chances_by_hand() -> None:
    # Half of the messages are sure, half have one chance in five: two of ten more right for eight wrong lowers F1.
    chances = np.concatenate([np.full((100, 1), 0.2), np.full((100, 1), 0.9)])
    assert choose_thresholds(chances) == [0.9]
    # Where nothing is sure, everything must be said.
    assert choose_thresholds(np.full((10, 1), 0.3)) == [0.3]
    # Logits that are twice too sure: half the slope puts them right.
    rng = np.random.default_rng(0)
    logits = rng.normal(size=20_000) * 2
    happened = (rng.random(20_000) < 1 / (1 + np.exp(-logits))).astype(np.float32)
    slope, shift = fit_chance(2 * logits, happened)
    assert slope == pytest.approx(0.5, abs=0.05)
    assert shift == pytest.approx(0.0, abs=0.05)


def test_both_opinions_on_a_label_count() -> None:
    multi, ekman = np.full(len(GOEMOTIONS), -20.0), np.zeros(len(LABELS))
    multi[[GOEMOTIONS.index("anger"), GOEMOTIONS.index("annoyance")]] = 0.0
    multi[GOEMOTIONS.index("neutral")] = 30.0
    found = label_logits(ekman, multi)
    assert found[LABELS.index("anger")] == pytest.approx(
        np.log(3.0), abs=1e-6
    )  # one of two even chances: three in four
    assert found[LABELS.index("fear")] < -15
    assert np.isfinite(found).all() and found[LABELS.index("neutral")] > 15
    assert label_logits(ekman + 1.0, multi) == pytest.approx(found + 1.0)


def test_targets_of_a_comment_by_hand() -> None:
    multi = np.zeros((3, len(GOEMOTIONS)), dtype=np.float32)
    multi[0, [GOEMOTIONS.index("gratitude"), GOEMOTIONS.index("joy")]] = 1
    multi[1, GOEMOTIONS.index("anger")] = 1
    multi[2, GOEMOTIONS.index("neutral")] = 1
    assert ekman_labels(multi).sum(axis=1) == pytest.approx([1, 1, 1])
    valence = comment_valence(multi)
    assert valence == pytest.approx([0.8, -0.8, 0.0])
    levels = sentiment(valence)
    assert levels.sum(axis=1) == pytest.approx([1, 1, 1])
    assert levels.argmax(axis=1).tolist() == [4, 0, 2]


def test_a_message_becomes_pieces_of_its_beginning_and_its_end() -> None:
    tokens = Tokens(MODELS / "text_emotion" / "tokenizer.json")
    short = tokens.ids("where is my order")
    assert (short[0], short[-1]) == (101, 102)
    long = tokens.ids("first " + "word " * 5_000 + "last")
    assert len(long) == MAX_TOKENS
    assert (long[1], long[-2]) == (tokens.ids("first")[1], tokens.ids("last")[1])
    assert tokens.ids("late 😡") == tokens.ids("late pouting face")
    assert tokens.ids("👍🏽") == tokens.ids("thumbs up sign")
    assert name_signs("5 € – “fine”") == "5 € – “fine”"
    assert excerpt("a\ud800b") == "ab"


def weights(network: Any) -> dict[str, Any]:
    return {name: values.detach().float().numpy().copy() for name, values in network.state_dict().items()}
