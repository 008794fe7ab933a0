"""`attune doctor`: every capability, the engine in use, the better one that is missing and how to get it."""

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

import httpx
from rich.console import Console

from cli.assistant import RASA_PYTHON, model_path
from cli.local import trust
from cli.output import AsJson, print_json, reports_errors
from emotion import EmotionError, PluginError, TextScorer, load_plugins
from emotion.face.engines import DEEPFACE_FILE, describe_face
from emotion.voice.engines import SETTING as VOICE_SETTING
from emotion.voice.engines import describe_voice_emotion
from service import Settings, describe_senders, production_problems
from speech import describe_diarization, describe_engines, describe_voice


@dataclass(frozen=True)
class Capability:
    """One line of the report. engine: None when nothing serves it; note says why or what to do."""

    capability: str
    engine: str | None
    better: str | None
    note: str


@reports_errors
def doctor(as_json: AsJson = False) -> None:
    """Say which engine serves each capability, and what is missing."""
    settings = Settings()
    found = [capability for check in _CHECKS for capability in _lines(check(settings))]
    running = _running(settings)
    free_mb = shutil.disk_usage(settings.home if settings.home.exists() else Path.cwd()).free // 1_000_000
    if as_json:
        print_json(
            {
                "capabilities": [asdict(capability) for capability in found],
                "running": running,
                "home": str(settings.home),
                "disk_free_mb": free_mb,
            }
        )
        return
    console = Console(highlight=False, soft_wrap=True)
    for capability in found:
        mark = "[green]✓[/green]" if capability.engine else "[yellow]–[/yellow]"
        console.print(f"{mark} [bold]{capability.capability:16}[/bold] {capability.engine or 'none'}")
        details = [f"better: {capability.better}" if capability.better else "", capability.note]
        if any(details):
            console.print("  " + " " * 16, "; ".join(detail for detail in details if detail), style="dim")
    state = "running" if running else "not running (start it with `make run`)"
    console.print(f"\nservice {state}; data in {settings.home}; {free_mb} MB of disk free")


def _lines(found: Capability | list[Capability]) -> list[Capability]:
    return found if isinstance(found, list) else [found]


def _running(settings: Settings) -> bool:
    try:
        return httpx.get(f"{settings.local_url}/ready", timeout=2, verify=trust(settings)).is_success
    except httpx.HTTPError:
        return False


def _dialogue(settings: Settings) -> Capability:
    if not RASA_PYTHON.is_file():
        return Capability("dialogue", None, "Rasa 3.6", "run `make run`; it installs the dialogue environment")
    if (
        not (settings.encoder_dir / "version.txt").is_file()
        or not model_path(settings.home, settings.encoder_dir).is_file()
    ):
        return Capability("dialogue", None, "Rasa 3.6", "not trained for today's files; run `attune train`")
    return Capability("dialogue", "Rasa 3.6", None, "trained and up to date")


def _speech(settings: Settings) -> list[Capability]:
    return [
        Capability(status.capability, status.engine if status.in_use else None, status.better, status.how_to_get or "")
        for status in describe_engines(settings.speech)
    ]


def _voice(settings: Settings) -> Capability:
    status = describe_voice(settings.voice)
    return Capability(
        status.capability, status.engine if status.in_use else None, status.better, status.how_to_get or ""
    )


def _calls(settings: Settings) -> Capability:
    """What live calls are made of, and whether a voice process answers."""
    if find_spec("pipecat") is None or find_spec("aiortc") is None:
        return Capability("live calls", None, "Pipecat with WebRTC", "run: make setup")
    end = "smart-turn and silence" if settings.turn_strategy == "smart" else "silence alone"
    try:
        answer = httpx.get(f"http://{settings.voice_host}:{settings.voice_port}/health", timeout=2)
        told = f"{answer.json()['calls']} of {answer.json()['places']} places taken"
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        told = "the voice process does not run"
    return Capability("live calls", f"Pipecat, WebRTC and WebSocket; turns end by {end}", None, told)


def _who_speaks(settings: Settings) -> Capability:
    return Capability("who speaks", *describe_diarization(settings.diarization))


def _embeddings(settings: Settings) -> Capability:
    version = settings.encoder_dir / "version.txt"
    if not version.is_file():
        return Capability("embeddings", None, None, "run `attune train`; it exports all-MiniLM-L6-v2")
    return Capability("embeddings", "all-MiniLM-L6-v2, ONNX fp32", None, version.read_text().strip())


def _voice_emotion(settings: Settings) -> Capability:
    status = describe_voice_emotion(settings.models_dir / "voice_emotion", settings.voice_emotion_model)
    better = f"a transformers audio-classification model: set {VOICE_SETTING} to its hub id or folder"
    return Capability("voice emotion", status.engine, None if status.is_configured else better, status.note)


def _face(settings: Settings) -> Capability:
    status = describe_face(settings.models_dir / "face_emotion", settings.face_weights)
    better = f"DeepFace: set ATTUNE_FACE_WEIGHTS to the folder of its {DEEPFACE_FILE}"
    return Capability("face emotion", status.engine, None if status.is_first_choice else better, status.note)


def text_emotion(settings: Settings) -> Capability:
    """The text scorer in use. A configured engine is loaded to see that it can be."""
    name, model = "text emotion", settings.text_emotion_model
    better = None if model else "a transformers text-classification model: set ATTUNE_TEXT_EMOTION_MODEL"
    try:
        scorer = TextScorer(settings.models_dir / "text_emotion", engine=model)
    except EmotionError as error:
        return Capability(name, None, better, str(error))
    note = "its figures are not known here" if model else "figures in models/text_emotion/card.md"
    return Capability(name, scorer.engine, better, note)


def _plugins(_settings: Settings) -> list[Capability]:
    """A line for each package that brings a scorer; none without one."""
    try:
        found = load_plugins()
    except PluginError as error:
        return [Capability("scorer plug-in", None, None, str(error))]
    return [
        Capability(f"{one.scorer.modality} emotion", f"{one.scorer.name} {one.scorer.version}", None, one.source)
        for one in found
    ]


def _vectors(_settings: Settings) -> Capability:
    engine = "FAISS IDMap2 + FlatIP (exact)" if find_spec("faiss") else None
    return Capability("vector search", engine, None, "exact search; enough up to about 100 000 items")


def _database(settings: Settings) -> Capability:
    kind = settings.database_url.split("+")[0].split(":")[0]
    better = "PostgreSQL" if kind == "sqlite" else None
    return Capability("database", kind, better, "comes with a later release" if better else "")


def _telephone(settings: Settings) -> Capability:
    """Whether customers may ring a number."""
    if settings.twilio_account_sid:
        return Capability("calls by telephone", "Twilio Media Streams", None, f"webhooks at {settings.public_url}")
    return Capability("calls by telephone", None, None, "docs/howto/telephone.md says how to connect a number")


def _messages(settings: Settings) -> list[Capability]:
    """Mail, phone codes and web push; the console serves where nothing is set."""
    return [Capability(one.channel, one.name, None, one.note) for one in describe_senders(settings)]


def _production(settings: Settings) -> Capability:
    """Whether real people's data may go through this installation."""
    problems = production_problems(settings)
    if not problems:
        return Capability("production", "ready" if settings.production else "possible", None, "")
    more = f"; and {len(problems) - 1} more" if len(problems) > 1 else ""
    return Capability("production", None, None, f"{problems[0]}{more}")


_CHECKS: tuple[Callable[[Settings], Capability | list[Capability]], ...] = (
    _dialogue,
    _speech,
    _embeddings,
    _vectors,
    text_emotion,
    _voice_emotion,
    _face,
    _plugins,
    _who_speaks,
    _voice,
    _calls,
    _database,
    _messages,
    _telephone,
    _production,
)
