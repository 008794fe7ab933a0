"""What is said in a call beside the messages of the conversation. Spoken only; nothing of it is stored."""

from typing import Final

from vocabulary import Owner

GREETING: Final = (
    "Hello. You are talking to our automated assistant.",
    "What can we do for you?",
    "You can ask for a person at any time.",
)
AGAIN: Final = ("This is our automated assistant.", "I am listening.")
HOLD: Final = (
    "Please hold the line: a person will be with you as soon as one is free.",
    "They see what was said so far.",
)
CHAT_TOO: Final = "You can also go on in the chat."
HOLD_SHORT: Final = ("Please hold the line.",)
HOLD_AGAIN: Final = "Thank you for holding. A person will be with you as soon as one is free."
AGENT_WRITES: Final = "They hear you as text, and I read out what they write."
BACK: Final = ("You are talking to the automated assistant again.", "What else can we do for you?")
# Short: the answer itself comes after these words, and often a moment later.
LATE: Final = "One moment, please."
TOO_LONG: Final = "This answer is long. You find it on your screen."
TOO_LONG_TO_HEAR: Final = "This answer is too long to be read out. Ask for a person if you want to hear it."


def pick_up_words(owner: Owner, *, is_new: bool, has_chat: bool) -> tuple[str, ...]:
    """What the customer hears first. is_new: nothing has been said in this conversation yet.

    has_chat: there is a page beside the call.
    """
    if owner is Owner.WAITING:
        return _hold(has_chat)
    if owner is Owner.AGENT:
        return ("You are connected to a person.", AGENT_WRITES)
    return GREETING if is_new else AGAIN


def owner_words(before: Owner, now: Owner, agent: str | None, *, has_chat: bool) -> tuple[str, ...]:
    """What the customer hears when somebody else answers from now on; empty where nothing has to be said."""
    if now is before:
        return ()
    if now is Owner.WAITING:
        return _hold(has_chat)
    if now is Owner.AGENT:
        return (f"{agent or 'A person'} is with you now.", AGENT_WRITES)
    return BACK


def _hold(has_chat: bool) -> tuple[str, ...]:
    return (*HOLD, CHAT_TOO) if has_chat else HOLD
