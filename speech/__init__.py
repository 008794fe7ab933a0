"""Sound: decoding, where somebody speaks, what is said, and replies read out."""

from speech.activity import LiveActivity, has_speech, speech_seconds, speech_segments
from speech.audio import decode, pcm_of, samples_of, wav_of
from speech.errors import AudioError, SpeechError, TranscriberError, VoiceError, WhoSpeaksError
from speech.language import (
    ArpaModel,
    ShopModel,
    Talk,
    build_shop_model,
    digit_rows,
    is_built_from,
    spoken_form,
    write,
    written_form,
)
from speech.measure import Score, canonical, pooled, score, word_errors
from speech.mulaw import TELEPHONE_HZ, FromTelephone, ToTelephone, decode_mulaw, encode_mulaw, over_telephone
from speech.recognition.confidence import UNSURE_BELOW
from speech.recognition.engines import ENGINES, ready_engines
from speech.recognition.setup import AUTO, PHRASES, SpeechSetup, own_phrases, phrases_in_use
from speech.recognition.transcript import Hints, Transcript, Word
from speech.synthesis.choice import VOICES, open_voice
from speech.synthesis.describe import describe_voice
from speech.synthesis.sentences import Sentence, sentences
from speech.synthesis.voice import Sound, Voice, VoiceSetup
from speech.transcriber import EngineStatus, Transcriber, describe_engines, open_transcriber
from speech.voices import (
    DIARIZATION_REPOSITORY,
    DIARIZATION_TERMS_URL,
    DiarizationSetup,
    Diarizer,
    SpeakerTurn,
    Suspicion,
    customer_segments,
    describe_diarization,
    has_two_sides,
    pipeline_missing,
    suspicion,
)
from speech.whisper_models.add import add_model, official_models
from speech.whisper_models.shelf import KeptModel, Shelf

__all__ = [
    "AUTO",
    "DIARIZATION_REPOSITORY",
    "DIARIZATION_TERMS_URL",
    "ENGINES",
    "PHRASES",
    "TELEPHONE_HZ",
    "UNSURE_BELOW",
    "VOICES",
    "ArpaModel",
    "AudioError",
    "DiarizationSetup",
    "Diarizer",
    "EngineStatus",
    "FromTelephone",
    "Hints",
    "KeptModel",
    "LiveActivity",
    "Score",
    "Sentence",
    "Shelf",
    "ShopModel",
    "Sound",
    "SpeakerTurn",
    "SpeechError",
    "SpeechSetup",
    "Suspicion",
    "Talk",
    "ToTelephone",
    "Transcriber",
    "TranscriberError",
    "Transcript",
    "Voice",
    "VoiceError",
    "VoiceSetup",
    "WhoSpeaksError",
    "Word",
    "add_model",
    "build_shop_model",
    "canonical",
    "customer_segments",
    "decode",
    "decode_mulaw",
    "describe_diarization",
    "describe_engines",
    "describe_voice",
    "digit_rows",
    "encode_mulaw",
    "has_speech",
    "has_two_sides",
    "is_built_from",
    "official_models",
    "open_transcriber",
    "open_voice",
    "over_telephone",
    "own_phrases",
    "pcm_of",
    "phrases_in_use",
    "pipeline_missing",
    "pooled",
    "ready_engines",
    "samples_of",
    "score",
    "sentences",
    "speech_seconds",
    "speech_segments",
    "spoken_form",
    "suspicion",
    "wav_of",
    "word_errors",
    "write",
    "written_form",
]
