"""Whether a recording's two channels hold two different people, as recorded telephone calls do."""

from pathlib import Path

import numpy as np

from speech.audio.containers import opened

# A microphone on two channels, also with a different gain or a little noise, correlates nearly perfectly.
_SAME = 0.9
# One side is silent: a broken cable, not a second person. Share of the louder side's power.
_SILENT = 1e-4


def has_two_sides(data: bytes | Path) -> bool:
    """True if two channels or more carry different sound, in a single pass that keeps no sound.

    decode() averages channels: what is two people on two channels becomes one clip of both. Music and wide rooms
    recorded in stereo look the same: they are no clean voice either. Raises: AudioError.
    """
    with opened(data) as source:
        if source.channels < 2:
            return False
        left = right = both = 0.0
        for block in source.blocks:
            pair = np.nan_to_num(block[:, :2].astype(np.float64), posinf=0.0, neginf=0.0)
            left += float(pair[:, 0] @ pair[:, 0])
            right += float(pair[:, 1] @ pair[:, 1])
            both += float(pair[:, 0] @ pair[:, 1])
    if min(left, right) <= _SILENT * max(left, right):
        return False
    # Without the sign: a channel that is wired the wrong way round is the same person.
    return abs(both) < _SAME * float(np.sqrt(left) * np.sqrt(right))
