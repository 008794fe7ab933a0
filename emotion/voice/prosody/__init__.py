"""Prosody: what a voice does, words unheard. Measures every 10 ms, and a fixed number of figures for a clip."""

from emotion.voice.prosody.functionals import MIN_VOICED_S, NAMES, PROSODIC, summarise
from emotion.voice.prosody.grid import HOP_S
from emotion.voice.prosody.path import track_pitch
from emotion.voice.prosody.record import Prosody
from emotion.voice.prosody.span import MAX_SECONDS
from emotion.voice.prosody.spectrum import N_MFCC
from emotion.voice.prosody.streaming import StreamingProsody

__all__ = [
    "HOP_S",
    "MAX_SECONDS",
    "MIN_VOICED_S",
    "NAMES",
    "N_MFCC",
    "PROSODIC",
    "Prosody",
    "StreamingProsody",
    "summarise",
    "track_pitch",
]
