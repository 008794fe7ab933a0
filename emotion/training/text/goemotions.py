"""GoEmotions (Demszky et al. 2020, Apache-2.0): Reddit comments with 28 labels, several per comment allowed."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from emotion.errors import TrainingError
from emotion.text.affect import GOEMOTIONS, GROUPS
from vocabulary import LABELS

SPLITS: Final = ("train", "dev", "test")


@dataclass(frozen=True)
class Comments:
    """One split.

    multi: 0/1, shape (n, 28), in the order of GOEMOTIONS.
    soft: shape (n, 7), in the order of LABELS; a comment's labels share its mass equally, so rows sum to 1.
    """

    texts: tuple[str, ...]
    multi: NDArray[np.float32]
    soft: NDArray[np.float32]


def load_comments(folder: Path, split: str) -> Comments:
    """Read one published split from `folder`/original. Raises: TrainingError."""
    path = folder / "original" / f"{split}.tsv"
    if split not in SPLITS or not path.is_file():
        raise TrainingError(
            f"{path} is missing; expected one of {', '.join(SPLITS)} of GoEmotions in {folder}/original. "
            "Name the folder that holds `original/`."
        )
    names = (folder / "original" / "labels.txt").read_text(encoding="utf-8").split()
    if tuple([*names, "neutral"][:28]) != GOEMOTIONS:
        raise TrainingError(f"{path.parent}/labels.txt lists {len(names)} other labels than GoEmotions has.")
    texts: list[str] = []
    rows: list[list[int]] = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line.strip():
            continue
        text, numbers, _ = line.rsplit("\t", 2)
        texts.append(text)
        rows.append([int(number) for number in numbers.split(",")])
    multi = np.zeros((len(rows), len(GOEMOTIONS)), dtype=np.float32)
    for row, numbers_of_row in enumerate(rows):
        multi[row, numbers_of_row] = 1.0
    return Comments(tuple(texts), multi, group(multi))


def group(multi: NDArray[np.float32]) -> NDArray[np.float32]:
    """Fold 28 labels into LABELS: shape (n, 28) → (n, 7), rows summing to 1.

    Two labels of one group count once: anger + annoyance is anger, not twice anger.
    """
    grouped = np.zeros((len(multi), len(LABELS)), dtype=np.float32)
    for label, members in GROUPS.items():
        columns = [GOEMOTIONS.index(member) for member in members]
        grouped[:, LABELS.index(label)] = multi[:, columns].max(axis=1)
    return np.asarray(grouped / grouped.sum(axis=1, keepdims=True), dtype=np.float32)
