"""When the next 20 ms are due, and how many left late."""

from typing import Final

FRAME_S: Final = 0.02
LATE_S: Final = 0.02
"""A frame that leaves a whole frame after its time is late: a player with the smallest buffer has run dry."""
# After a longer standstill the schedule begins anew: what is missed cannot be caught up with.
_LOST_S: Final = 0.2


class OutputClock:
    """A schedule without drift: the frame number n is due n × 20 ms after the first. Times in seconds of one clock."""

    def __init__(self) -> None:
        self.frames = 0
        """Frames with sound that have left."""
        self.late = 0
        """Those of them that left late."""
        self._due: float | None = None

    def due(self, at: float) -> float:
        """When the next frame is due; at: now."""
        if self._due is None:
            self._due = at
        return self._due

    def left(self, at: float, *, with_sound: bool) -> None:
        """A frame has left, or there was none to send. Only those with sound are counted."""
        due = self.due(at)
        behind = at - due
        if with_sound:
            self.frames += 1
            self.late += behind > LATE_S
        self._due = at + FRAME_S if behind > _LOST_S else due + FRAME_S
