"""Files of sound become clips; 16-bit sound and samples become each other."""

from speech.audio.decode import decode
from speech.audio.pcm import pcm_of, samples_of, wav_of

__all__ = ["decode", "pcm_of", "samples_of", "wav_of"]
