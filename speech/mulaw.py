"""The telephone's sound: 8-bit µ-law at 8 kHz, and the way to 16-bit samples at 16 kHz and back, frame by frame."""

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vocabulary import Clip

TELEPHONE_HZ: Final = 8_000
"""Samples a second on the telephone network."""

Int16 = NDArray[np.int16]

_BIAS: Final = 33
_LOUDEST: Final = 8158
# The half-band filter's taps: 31 at 16 kHz are a delay of 15 samples, under 1 ms.
_TAPS: Final = 31


def decode_mulaw(codes: bytes) -> Int16:
    """Samples of µ-law codes, one byte each; shape (len(codes),).

    Source: ITU-T G.711, table 2a: a code, inverted, is sign, exponent and mantissa, and stands for
    ((2 mantissa + 33) 2^exponent - 33), here times 4 to fill 16 bits.

    >>> decode_mulaw(b"\\xff\\x80\\x00").tolist()
    [0, 32124, -32124]
    """
    return _DECODED[np.frombuffer(codes, dtype=np.uint8)]


def encode_mulaw(samples: Int16) -> bytes:
    """The µ-law codes of 16-bit samples, shape (n,), by the decision values of ITU-T G.711, table 2a; n bytes.

    >>> encode_mulaw(np.array([0, 32124, -32124], dtype=np.int16)).hex()
    'ff8000'
    """
    return _ENCODED[samples.view(np.uint16)].tobytes()


def _decoded() -> Int16:
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (code >> 4) & 7, code & 15
    size = (((2 * mantissa.astype(np.int32) + _BIAS) << exponent) - _BIAS) * 4
    return np.where(code & 0x80, -size, size).astype(np.int16)


def _encoded() -> NDArray[np.uint8]:
    """The code of each 16-bit sample, by its bits read as an unsigned number."""
    samples = np.arange(65_536, dtype=np.uint16).view(np.int16).astype(np.int32)
    # The decision values are those of 14 bits, and the lower bound of what they decide.
    size = np.minimum(np.abs(samples) // 4, _LOUDEST) + _BIAS
    exponent = np.floor(np.log2(size)).astype(np.int32) - 5
    mantissa = (size >> (exponent + 1)) & 15
    codes: NDArray[np.uint8] = (np.where(samples < 0, 0x80, 0) | (exponent << 4) | mantissa).astype(np.uint8)
    return ~codes


_DECODED: Final = _decoded()
_ENCODED: Final = _encoded()


def _half_band() -> NDArray[np.float32]:
    """A low-pass at 4 kHz of sound at 16 kHz, a windowed sinc; gain 1 at 0 Hz. Shape (31,).

    The Blackman window's stop band lies 74 dB down; the first 3.2 kHz, where a telephone's speech is, pass whole.
    Source: A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal Processing, section 7.5.
    """
    place = np.arange(_TAPS) - (_TAPS - 1) / 2
    taps: NDArray[np.float64] = np.sinc(place / 2) * np.blackman(_TAPS)
    return np.asarray(taps / taps.sum(), dtype=np.float32)


_FILTER: Final = _half_band()


class _Filter:
    """The half-band filter over sound that comes in pieces."""

    def __init__(self) -> None:
        self._before = np.zeros(_TAPS - 1, dtype=np.float32)

    def run(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        if not len(samples):
            return samples
        line = np.concatenate((self._before, samples))
        self._before = line[len(line) - (_TAPS - 1) :]
        return np.convolve(line, _FILTER, mode="valid")


class FromTelephone:
    """µ-law codes at 8 kHz → 16-bit samples at 16 kHz, without clicks between the pieces of one stream."""

    def __init__(self) -> None:
        self._filter = _Filter()

    def take(self, codes: bytes) -> Int16:
        """The next piece; twice as many samples as codes."""
        apart = np.zeros(2 * len(codes), dtype=np.float32)
        # Every second sample is missing: the filter fills it in, and the factor gives its share back.
        apart[::2] = 2.0 * decode_mulaw(codes)
        return _rounded(self._filter.run(apart))


class ToTelephone:
    """16-bit samples at 16 kHz → µ-law codes at 8 kHz, without clicks between the pieces of one stream."""

    def __init__(self) -> None:
        self._filter = _Filter()
        self._skip = 0

    def take(self, samples: Int16) -> bytes:
        """The next piece; half as many codes as samples, over the whole stream."""
        low = self._filter.run(samples.astype(np.float32))[self._skip :]
        self._skip = (self._skip + len(samples)) % 2
        return encode_mulaw(_rounded(low[::2]))


def over_telephone(clip: Clip) -> Clip:
    """What arrives at the other end of a telephone line: the clip at 8 kHz in µ-law, and back at 16 kHz."""
    sent = _rounded(clip.samples * np.float32(32_767))
    arrived = FromTelephone().take(ToTelephone().take(sent))
    return replace(clip, samples=arrived.astype(np.float32) / np.float32(32_768))


def _rounded(samples: NDArray[np.float32]) -> Int16:
    return np.clip(np.rint(samples), -32_768, 32_767).astype(np.int16)
