"""What the language gate knows of English: everyday words and the likelihood of letters, counted in GoEmotions train.

`python -m emotion.training.text.english_words ../shared/data` writes both beside the gate; the same data give the same
bytes.
"""

import sys
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.text.english import LETTERS_FILE, fold, letter_indices, spelled
from emotion.text.word_lists import FOLDER, word_list
from emotion.training.text.goemotions import load_comments
from emotion.training.text.service_language import write_phrases

GOEMOTIONS_FOLDER: Final = Path("text_emotion/goemotions")
EVERYDAY_FROM: Final = 12
"""Occurrences in 43,410 comments from which a word is everyday English."""
_MOST: Final = 40_000  # letters of one word count as often as its square root, so that "the" is not half of English


def count_words(data: Path) -> Counter[str]:
    """Words of the comments and of the service phrases written for Attune, without the masks of names."""
    texts = [*load_comments(data / GOEMOTIONS_FOLDER, "train").texts, *write_phrases(7, combinations=0).texts * 3]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(spelled(fold(text.replace("[NAME]", " ").replace("[RELIGION]", " "))))
    return counts


def everyday(counts: Counter[str]) -> list[str]:
    """The words that pass for English, in the order of the alphabet."""
    foreign = word_list("foreign")
    return sorted(word for word, count in counts.items() if count >= EVERYDAY_FROM and word not in foreign)


def letter_table(counts: Counter[str]) -> NDArray[np.uint8]:
    """-log2 of each letter after two others, sixteenths of a bit, smoothed; shape (27, 27, 27), 0 is a word's edge."""
    seen = np.zeros((27, 27, 27))
    for word, count in counts.items():
        first, second, third = letter_indices([word])
        np.add.at(seen, (first, second, third), min(count, _MOST) ** 0.5)
    alone = seen.sum(axis=(0, 1)) / seen.sum()
    after_one = (seen.sum(axis=0) + 2 * alone) / (seen.sum(axis=(0, 2))[:, None] + 2)
    after_two = (seen + 3 * after_one[None]) / (seen.sum(axis=2, keepdims=True) + 3)
    return np.asarray(np.clip(np.round(-16 * np.log2(after_two)), 0, 255), dtype=np.uint8)


def write(data: Path, folder: Path = FOLDER) -> None:
    """Write words/everyday.txt and the table of letters."""
    counts = count_words(data)
    lines: list[str] = []
    for word in everyday(counts):
        if not lines or len(lines[-1]) + len(word) > 118:
            lines.append(word)
        else:
            lines[-1] += f" {word}"
    head = "# Everyday English, counted in GoEmotions train (Apache-2.0) by emotion/training/text/english_words.py."
    (folder / "everyday.txt").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    np.save(folder / LETTERS_FILE, letter_table(counts))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
