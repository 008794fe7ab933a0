"""The word lists in `words/`: one file each, words between blanks, comments after #."""

from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "words"


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of `words/<name>.txt`, lower case."""
    lines = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
