"""Probabilities of speech, frame by frame, become the beginning and the end of a voice, while it sounds."""

from typing import Final, Literal

# The marks of speech.activity: begun over .5, goes on over .35, and a lone "hi" has five frames over the lower one.
_BEGIN: Final = 0.5
_GO_ON: Final = 0.35
_FEWEST_FRAMES: Final = 3
# A stop consonant may fall below the mark for a frame; two frames below it are the end of a click.
_GAP_FRAMES: Final = 2


class VoiceGate:
    """Whether somebody speaks now. start: when the voice began. last: the end of its last frame. peak: in [0, 1]."""

    def __init__(self, pause_s: float) -> None:
        self._pause_s = pause_s
        self.reset()

    def reset(self) -> None:
        """Nobody speaks."""
        self.open = False
        self.start = self.last = 0.0
        self.peak = 0.0
        self._frames = self._gap = 0

    def feed(self, probability: float, at: float, seconds: float) -> Literal["began", "ended"] | None:
        """What changed with a frame of so many seconds that ended at `at`."""
        probability = probability if 0.0 <= probability <= 1.0 else 0.0
        if self.open:
            if probability > _GO_ON:
                self.last = at
                self.peak = max(self.peak, probability)
            elif at - self.last >= self._pause_s - 1e-6:
                self.open = False
                self._frames = 0
                return "ended"
            return None
        if probability > (_GO_ON if self._frames else _BEGIN):
            if not self._frames:
                self.start, self.peak = at - seconds, 0.0
            self._frames += 1
            self._gap = 0
            self.last = at
            self.peak = max(self.peak, probability)
            if self._frames >= _FEWEST_FRAMES:
                self.open = True
                return "began"
        elif self._frames:
            self._gap += 1
            if self._gap >= _GAP_FRAMES:
                self._frames = 0
        return None
