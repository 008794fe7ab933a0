"""How long a silence of the customer's must last until their turn is over."""

from service.voice.turns import words
from service.voice.turns.commands import EndedBecause
from service.voice.turns.settings import TurnSettings


def patience(
    settings: TurnSettings, *, text: str, complete: float | None, judged: bool, awaits: str | None
) -> tuple[float, EndedBecause]:
    """(seconds of silence, why the turn ends after them).

    text: what is heard of the turn so far. complete: smart-turn's probability that it is over, if `judged`; None when
    it could not say. awaits: what was asked for, if it has to be looked up.

    >>> patience(TurnSettings(), text="My number is", complete=0.9, judged=True, awaits=None)
    (2.0, 'patience')
    """
    short = words.is_short_answer(text)
    if words.meaning(text) == "filler":
        return settings.filler_s, "patience"
    if words.looks_something_up(text) and (awaits or words.is_unfinished(text)):
        return settings.look_up_s, "patience"
    if words.is_unfinished(text) and not short:
        return (settings.look_up_s if awaits else settings.unfinished_s), "patience"
    if awaits and words.ends_in_digits(text):
        return max(settings.silence_s, settings.number_s), "patience"
    if not judged or complete is None:
        return settings.silence_s, "silence"
    if complete >= 0.5:
        return settings.complete_s, "complete"
    return (settings.silence_s, "silence") if short else (settings.incomplete_s, "patience")
