"""What was said before a turn."""

from dataclasses import dataclass

from vocabulary.labels import Author


@dataclass(frozen=True)
class Said:
    """One earlier message of the conversation, as context for a scorer.

    author: CUSTOMER or BOT; what a member of staff wrote never reaches a scorer.
    Raises: ValueError.
    """

    author: Author
    text: str

    def __post_init__(self) -> None:
        if self.author is Author.AGENT:
            raise ValueError("an agent's words were given to a scorer; expected the customer's or the assistant's.")
