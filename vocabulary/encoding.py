"""The edge between rooms that need text embeddings and the room that computes them."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class TextEncoder(Protocol):
    """Turns text into unit vectors."""

    @property
    def dimensions(self) -> int:
        """Length of one embedding."""
        ...

    @property
    def version(self) -> str:
        """Changes when the embeddings would; vectors of two versions are never mixed."""
        ...

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed a batch: float32, shape (len(texts), dimensions), rows of length 1."""
        ...
