"""What the three Whisper engines share: which model, which language, how to decode, what hints become."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from speech.errors import TranscriberError
from speech.recognition.setup import Presence, SpeechSetup
from speech.recognition.transcript import Hints
from speech.whisper_models.shelf import Form, Shelf

HOW_TO_GET: Final = "run: attune speech model add small"
BEAMS: Final = 5
# Sampling only where the best path failed a threshold: two more tries, so that bad sound costs three times the work
# at most, not six times as with the authors' list. What is still unlikely then is refused by the guards.
TEMPERATURES: Final = (0.0, 0.4, 0.8)
# Tries above temperature 0 draw at random; the same clip shall give the same words.
SEED: Final = 7
# Text of the last window as a prompt makes names agree, but one invented or repeated sentence then repeats itself to
# the end of the recording. A customer's message is short, so agreement is worth less than that.
CONDITION_ON_PREVIOUS_TEXT: Final = False


@dataclass(frozen=True)
class Chosen:
    """A model on this machine for one engine. languages: how many it knows, None if only opening it tells.

    official: OpenAI's name, if it is one of theirs.
    """

    name: str
    path: Path
    languages: int | None
    official: str | None = None


def choose(setup: SpeechSetup, form: Form) -> Chosen | str:
    """The model that an engine which reads `form` would open, or why there is none."""
    if setup.model and (found := _given(Path(setup.model).expanduser(), form)):
        return found
    shelf = Shelf(setup.shelf) if setup.shelf is not None else None
    if shelf is None:
        return "no model is given" if not setup.model else f"{setup.model} is no model for it"
    kept = shelf.find(setup.model) if setup.model else shelf.in_use()
    if kept is None:
        return f"{setup.model!r} is no model for it" if setup.model else "no model is on the shelf"
    path = kept.path(form)
    if path is None:
        return f"{kept.manifest.name} is kept without the files that it reads"
    return Chosen(kept.manifest.name, path, kept.manifest.languages, kept.manifest.official)


def presence(setup: SpeechSetup, form: Form, engine: str, *, package: str, installed: bool) -> Presence:
    """Whether an engine can be used, in the words of `attune doctor`."""
    if not installed:
        return Presence(f"Whisper ({engine})", f"{package} is not installed", "run: make setup")
    chosen = choose(setup, form)
    how_to_get = HOW_TO_GET if form is Form.CTRANSLATE2 else f"{HOW_TO_GET} --keep-all"
    if isinstance(chosen, str):
        if setup.model:
            how_to_get = f"ATTUNE_SPEECH_MODEL is {setup.model!r}: {chosen}; run: attune speech model list"
        return Presence(f"Whisper ({engine})", chosen, how_to_get)
    name = shown(chosen, engine)
    if chosen.languages == 1 and setup.language not in (None, "en"):
        return Presence(name, f"{chosen.name} knows English only, and customers speak {setup.language!r}", how_to_get)
    return Presence(name, None)


def opened(setup: SpeechSetup, form: Form) -> Chosen:
    """The model to open. Raises: TranscriberError."""
    chosen = choose(setup, form)
    if isinstance(chosen, str):
        raise TranscriberError(f"{chosen}. {HOW_TO_GET.capitalize()}", code="no_model")
    return chosen


def shown(chosen: Chosen, engine: str) -> str:
    """Model and engine, for people."""
    only = ", English only" if chosen.languages == 1 else ""
    return f"Whisper {chosen.name} ({engine}{only})"


def language_of(hints: Hints, known: "frozenset[str]", model: str) -> str | None:
    """The language to listen for; None to detect it. known: ISO codes. Raises: TranscriberError."""
    if known == {"en"} and hints.language is None:
        return "en"
    if hints.language is None or hints.language in known:
        return hints.language
    knows = "English only" if known == {"en"} else f"{len(known)} languages by their ISO 639-1 code, such as en or de"
    raise TranscriberError(
        f"language {hints.language!r}; {model} knows {knows}. Change ATTUNE_SPEECH_LANGUAGE or the model.",
        code="language",
    )


def prompt_of(hints: Hints, *, with_hotwords: bool) -> str | None:
    """Text that stands before the transcript. Engines without hotwords of their own read them as a sentence there."""
    words = ", ".join(hints.hotwords) if with_hotwords else ""
    return " ".join(part for part in (f"{words}." if words else "", hints.prompt.strip()) if part) or None


def failed(name: str, err: Exception) -> TranscriberError:
    """The engine stopped on a clip. Its own words may hold what was heard, so only their kind is told."""
    return TranscriberError(f"{name} failed on a clip ({type(err).__name__}).", code="engine")


def unusable(name: str, err: Exception) -> TranscriberError:
    """The model's files cannot be opened."""
    return TranscriberError(
        f"Whisper model {name} cannot be opened ({type(err).__name__}); its files are damaged or of another kind. "
        f"Run: attune speech model remove {name}, then add it again",
        code="engine_model",
    )


def _given(path: Path, form: Form) -> Chosen | None:
    """A model by its path, where it is of the right kind."""
    if path.is_file() and form is Form.OPENAI:
        return Chosen(path.stem, path, None)
    wanted = {Form.CTRANSLATE2: "model.bin", Form.TRANSFORMERS: "model.safetensors"}.get(form)
    if wanted and (path / wanted).is_file():
        return Chosen(path.name, path, None)
    # A model's folder on a shelf that is not ours.
    if path.is_dir() and (path / form.value).exists():
        return Chosen(path.name, path / form.value, None)
    return None
