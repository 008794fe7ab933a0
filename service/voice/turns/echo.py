"""Whether the microphone hears the assistant itself, by way of a loudspeaker and the room.

Two questions. Is what was played in what is heard, and how late? The phase transform answers it, whatever the room
does to the spectrum (Knapp and Carter 1976, "The generalized correlation method for estimation of time delay"). And is
there more than that? What was played, as late and as loud as it usually comes back in each band, is compared with what
is heard: a customer who speaks over the echo fills other bands and other moments.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.voice.turns.tape import Tape
from vocabulary import SAMPLE_RATE_HZ

_KEEP_S: Final = 2.5
_WINDOW_S: Final = 0.35
# Loudspeaker, microphone, their buffers, and both ways of a network.
_LONGEST_DELAY_S: Final = 0.75
_LONGEST: Final = round(_LONGEST_DELAY_S * SAMPLE_RATE_HZ)
# Where a small loudspeaker plays and a voice is.
_BAND_HZ: Final = (300.0, 6000.0)
_SIZE: Final = 32768
# benchmarks/voice_turns.py: other voices than the assistant's stay under 8 in 99 of 100 windows.
_SURE_PEAK: Final = 8.0
# At a delay that was found before, chance has one place and not 12,000.
_KNOWN_PEAK: Final = 4.5
_SAME_DELAY_S: Final = 0.008
_FRAME: Final = 512
_HOP: Final = 256
_BANDS: Final = 16
# The part of what is heard that may stand out of the echo, and how far. In 10 rooms of the tuning half an echo alone
# stays under .04 in 95 of 100 windows; with somebody speaking over it, three of four windows lie over .09.
_MOST_ELSE: Final = 0.1
_MOST_ELSE_ONCE_ECHO: Final = 0.13
_STANDS_OUT: Final = 4.0
# A room keeps a sound for a while: of the power of one frame, this much is still there in the next.
_ROOM: Final = 0.75
_LEARN: Final = 0.2
_SILENT_RMS: Final = 1e-4


class EchoJudge:
    """Compares what the microphone heard with what was played, and learns the way between them over the call."""

    def __init__(self) -> None:
        self._played = Tape(_KEEP_S)
        self._heard = Tape(_KEEP_S)
        self._delay_s: float | None = None
        self._gain: NDArray[np.float64] | None = None

    @property
    def knows_the_way(self) -> bool:
        """Whether an echo has been found in this call, and how late it comes."""
        return self._gain is not None

    def played(self, samples: NDArray[np.float32], at: float) -> None:
        """samples: (n_samples,) at 16 kHz, as they leave for the customer. at: when the last one left."""
        self._played.add(samples, at)

    def heard(self, samples: NDArray[np.float32], at: float) -> None:
        """samples: (n_samples,) at 16 kHz, of the customer's microphone. at: when the last one sounded."""
        self._heard.add(samples, at)

    def is_echo(self, at: float, *, was_echo: bool) -> bool:
        """Whether the last 350 ms of sound are the assistant's own and nothing else.

        was_echo: what was said of it before; a little more has to stand out then.
        """
        start = at - _WINDOW_S
        heard = self._heard.cut(start, at)
        played = self._reference(start, at)
        if heard.size < 2 * _FRAME or _rms(heard) < _SILENT_RMS or _rms(played) < _SILENT_RMS:
            return False
        found, known = self._find(heard, played)
        if found is None:
            return False
        if not known:
            self._delay_s, self._gain = found, None
        return self._nothing_else(heard, start, at, _MOST_ELSE_ONCE_ECHO if was_echo else _MOST_ELSE)

    def _reference(self, start: float, at: float) -> NDArray[np.float32]:
        """What was played from the longest delay before `start` until `at`, silence where nothing was."""
        return self._played.track(start - _LONGEST_DELAY_S, at)

    def _find(self, heard: NDArray[np.float32], played: NDArray[np.float32]) -> tuple[float | None, bool]:
        """The delay at which what was played is heard, in seconds, and whether it is the one of before."""
        cross = np.fft.rfft(played, _SIZE) * np.conj(np.fft.rfft(heard, _SIZE))
        hz = np.fft.rfftfreq(_SIZE, 1 / SAMPLE_RATE_HZ)
        size = np.abs(cross)
        inside = (hz > _BAND_HZ[0]) & (hz < _BAND_HZ[1])
        phase = np.where(inside, cross / (size + 1e-6 * float(size.max()) + 1e-20), 0.0)
        likely = np.abs(np.fft.irfft(phase))[: _LONGEST + 1]
        usual = float(np.sqrt(np.mean(likely**2))) + 1e-20
        if self._delay_s is not None:
            near = _LONGEST - round(self._delay_s * SAMPLE_RATE_HZ)
            reach = round(_SAME_DELAY_S * SAMPLE_RATE_HZ)
            if likely[max(0, near - reach) : near + reach + 1].max(initial=0.0) > _KNOWN_PEAK * usual:
                return self._delay_s, True
        best = int(likely.argmax())
        if likely[best] > _SURE_PEAK * usual:
            return (_LONGEST - best) / SAMPLE_RATE_HZ, False
        return None, False

    def _nothing_else(self, heard: NDArray[np.float32], start: float, at: float, most: float) -> bool:
        delay_s = self._delay_s or 0.0
        # A few frames before it, for what the room still holds of them.
        before_s = 4 * _HOP / SAMPLE_RATE_HZ
        played = self._played.track(start - delay_s - before_s, at - delay_s)
        source = _bands(played)
        for frame in range(1, len(source)):
            source[frame] = np.maximum(source[frame], _ROOM * source[frame - 1])
        power = _bands(heard)
        source = source[len(source) - len(power) :]
        loud = source > source.max(axis=0) / 100
        ratio = np.where(loud, power / (source + 1e-12), np.nan)
        with np.errstate(all="ignore"):
            now = np.array([np.nanquantile(band, 0.75) if np.isfinite(band).any() else 0.0 for band in ratio.T])
        gain = now if self._gain is None else self._gain
        # Rooms smear and microphones hiss: the floor keeps the faintest frames from standing out.
        expected = gain * source + power.max() * 1e-3
        weight = np.cbrt(power)
        stands_out = float(weight[power > _STANDS_OUT * expected].sum() / weight.sum())
        if stands_out > most:
            return False
        self._gain = now if self._gain is None else (1 - _LEARN) * self._gain + _LEARN * now
        return True


def _rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else 0.0


def _bands(samples: NDArray[np.float32]) -> NDArray[np.float64]:
    """Power in bands of equal ratio from 250 Hz to 6 kHz, (n_frames, 16)."""
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    edges = np.round(np.geomspace(250, 6000, _BANDS + 1) * _FRAME / SAMPLE_RATE_HZ).astype(int)
    edges = np.maximum.accumulate(edges + np.r_[0, np.cumsum(np.diff(edges) == 0)])
    return np.add.reduceat(power, edges[:-1], axis=1)[:, :_BANDS]
