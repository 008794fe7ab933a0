"""What callers hear beside the conversation itself."""

from typing import Final

from privacy import spoken_notice

GREETING: Final = "Hello. You are talking to our automated assistant."
QUESTION: Final = "What can we do for you?"
ALLOWED: Final = ("Thank you.", "Your words and the sound of your voice are scored from now on.", "Press 2 to stop it.")
WITHDRAWN: Final = ("Nothing is scored now, and what was scored is deleted.",)
UNDER_AGE: Final = ("You have told us that you are under 18, so nothing is scored.",)
NOT_STORED: Final = ("That could not be stored just now.", "Please press the key again.")

BUSY: Final = "All our lines are busy. Please call again in a few minutes."
OUT_OF_ORDER: Final = "We cannot take your call right now. Please call again later."
INTERRUPTED: Final = "The line was interrupted. One moment, please."


def greeting() -> tuple[str, ...]:
    """What a caller hears at first: who speaks, what they may decide, and the question."""
    return (GREETING, *spoken_notice().ask, QUESTION)
