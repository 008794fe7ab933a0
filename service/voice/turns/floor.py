"""The assistant's side of a call: whether it sounds, is paused, asks something, and may be interrupted."""

from typing import Final

from service.voice.turns.commands import CancelBot, Command, PauseBot, ResumeBot
from service.voice.turns.echo import EchoJudge

# The longest way from the loudspeaker back, and what a room adds.
_ECHO_TAIL_S: Final = 0.9


class BotFloor:
    """Follows what the pipeline says of the assistant's speech."""

    def __init__(self) -> None:
        self.echo = EchoJudge()
        self.sounds = False
        self.asks = False
        self.interruptible = True
        self.began_at = self.ended_at = float("-inf")
        self._paused_at: float | None = None

    @property
    def is_paused(self) -> bool:
        """Whether it is silent in the middle of something."""
        return self.sounds and self._paused_at is not None

    def may_echo(self, at: float) -> bool:
        """Whether a sound that begins at this time may be the assistant's own."""
        return self.sounds or at - self.ended_at < _ECHO_TAIL_S

    def may_just_echo(self, at: float) -> bool:
        """Whether a sound that begins at this time may be the first echo of the call, whose way is not known yet."""
        return not self.echo.knows_the_way and self.sounds and at - self.began_at < _ECHO_TAIL_S

    def began(self, at: float, *, asks: bool, interruptible: bool) -> None:
        """It sounds, or its next sentence does."""
        if not self.sounds:
            self._paused_at = None
            self.began_at = at
        self.sounds, self.asks, self.interruptible = True, asks, interruptible

    def ended(self, at: float) -> None:
        """Nothing is left to be said."""
        if self.sounds:
            self.ended_at = at if self._paused_at is None else self._paused_at
        self.sounds, self._paused_at = False, None

    def pause(self, at: float) -> list[Command]:
        """Silent at once, if it may be."""
        if not self.sounds or not self.interruptible or self._paused_at is not None:
            return []
        self._paused_at = at
        return [PauseBot(at)]

    def resume(self, at: float) -> list[Command]:
        """Go on, if it was paused."""
        if not self.sounds or self._paused_at is None:
            return []
        self.began_at = at
        gap_s, self._paused_at = at - self._paused_at, None
        return [ResumeBot(at, max(0.0, gap_s))]

    def cancel(self, at: float) -> list[Command]:
        """Drop the rest."""
        self.ended(at)
        return [CancelBot(at)]
