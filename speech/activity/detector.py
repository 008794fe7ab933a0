"""Where somebody speaks: Silero decides, and where it is unsure the level and periodicity of the sound do."""

from typing import Final

from speech.activity import level, silero
from speech.activity.stretches import Stretch, stretches, with_margins
from vocabulary import Clip

# docs/decisions/0066: over this, Silero is believed alone.
_SURE: Final = 0.87
# Below this, nothing is speech. Between the two, there must be a voice by level and periodicity as well.
_LEAST: Final = 0.75
# Five frames: knocks and keys that Silero half believes are shorter, no word of the four flite voices is.
_LEAST_S: Final = 0.15
# Consonants and pauses between words belong to the speech around them.
_MARGIN_S = 0.25
_JOIN_S = 0.6


def detector_name() -> str:
    """What finds speech here, in words."""
    return "level and periodicity" if silero.model_path() is None else silero.NAME


def speech_stretches(clip: Clip) -> tuple[Stretch, ...]:
    """Each stretch of speech with its evidence, in order, with a margin of 250 ms; empty if there is none."""
    path = silero.model_path()
    if path is None:
        return tuple(Stretch(start_s, end_s) for start_s, end_s in level.speech_segments(clip))
    found = stretches(silero.probabilities(clip.samples, path), silero.HOP_S)
    # A pause between words does not make the words around it doubtful: what belongs together is judged together.
    joined = with_margins(found, clip.seconds, margin_s=0.0, join_s=_JOIN_S)
    voiced = () if all(_peak(stretch) >= _SURE for stretch in joined) else level.speech_segments(clip)
    believed = (stretch for stretch in joined if _believed(stretch, voiced))
    return with_margins(believed, clip.seconds, margin_s=_MARGIN_S, join_s=0.0)


def speech_segments(clip: Clip) -> tuple[tuple[float, float], ...]:
    """(start_s, end_s) of each stretch of speech, in order, with a margin of 250 ms; empty if there is none."""
    return tuple((stretch.start_s, stretch.end_s) for stretch in speech_stretches(clip))


def has_speech(clip: Clip) -> bool:
    """False for silence, tones, hum, music and noise; a lone "no" is speech. Singing can pass for speech."""
    return bool(speech_stretches(clip))


def speech_seconds(clip: Clip) -> float:
    """How long somebody speaks, margins included."""
    return sum(stretch.seconds for stretch in speech_stretches(clip))


def _peak(stretch: Stretch) -> float:
    return 0.0 if stretch.peak is None else stretch.peak


def _believed(stretch: Stretch, voiced: tuple[tuple[float, float], ...]) -> bool:
    if _peak(stretch) >= _SURE:
        return True
    if _peak(stretch) < _LEAST or stretch.seconds < _LEAST_S:
        return False
    return any(start_s < stretch.end_s and stretch.start_s < end_s for start_s, end_s in voiced)
