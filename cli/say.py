"""`attune say`: one turn against the running service, typed or from an audio file."""

import json
import uuid
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
import typer

from cli.local import trust
from cli.output import AsJson, fail, notes, print_json, reports_errors
from privacy import NOTICE_VERSION, Secrets
from service import Settings
from vocabulary import Suggestion, say_price

SIGNALS: Final = ("text", "voice")
WAIT_S: Final = 60


@reports_errors
def say(
    text: Annotated[str | None, typer.Argument(help="What the customer types.")] = None,
    audio: Annotated[Path | None, typer.Option(help="What the customer says: an audio file.")] = None,
    conversation: Annotated[str | None, typer.Option(help="Go on with this conversation.")] = None,
    consent: Annotated[
        str, typer.Option(help="Signals that may be scored: text, voice, both, or none.")
    ] = "text,voice",
    as_json: AsJson = False,
) -> None:
    """Send one message to the running service and print what came back."""
    if (text is None) == (audio is None):
        fail(
            'give either TEXT or --audio FILE. Example: attune say "where is my order?"',
            code="usage",
            as_json=as_json,
            status=2,
        )
    signals = _signals(consent, as_json)
    settings = Settings()
    token = Secrets.load_or_create(settings.secrets_file).operator_token
    base = settings.local_url
    with httpx.Client(
        base_url=base, headers={"Authorization": f"Bearer {token}"}, timeout=WAIT_S + 10, verify=trust(settings)
    ) as client:
        try:
            result = _turn(client, text, audio, conversation, signals, as_json)
        except httpx.ConnectError:
            fail(
                f"Attune is not running at {base}. Start it with `make run`, then try again.",
                code="not_running",
                as_json=as_json,
            )
        except httpx.TimeoutException:
            fail(
                f"no answer from {base} within {WAIT_S} s. The message is kept and will be answered; "
                "see `attune doctor`.",
                code="timeout",
                as_json=as_json,
            )
    if as_json:
        print_json(result)
    else:
        _print(result)
    if not result["answered"]:
        fail(
            "the message is kept but not answered yet: the assistant cannot be reached. See `attune doctor`.",
            code="unanswered",
            as_json=False,
        )


def _signals(consent: str, as_json: bool) -> frozenset[str]:
    if consent == "none":
        return frozenset()
    signals = frozenset(part.strip() for part in consent.split(",") if part.strip())
    unknown = sorted(signals - set(SIGNALS))
    if unknown or not signals:
        fail(
            f'consent to {", ".join(unknown) or "nothing"} is unknown; allowed: text, voice, "text,voice" or none.',
            code="usage",
            as_json=as_json,
            status=2,
        )
    return signals


def _turn(
    client: httpx.Client,
    text: str | None,
    audio: Path | None,
    conversation: str | None,
    signals: frozenset[str],
    as_json: bool,
) -> dict[str, Any]:
    if conversation is None:
        conversation = str(_checked(client.post("/api/conversations"), as_json)["conversation"])
    state = _checked(client.get(f"/api/conversations/{conversation}"), as_json)
    for signal in SIGNALS:
        if bool(state["consent"].get(signal)) != (signal in signals):
            change = {"signal": signal, "granted": signal in signals, "text_version": NOTICE_VERSION}
            _checked(client.put(f"/api/conversations/{conversation}/consent", json=change), as_json)
    message_id = str(uuid.uuid4())
    path = f"/api/conversations/{conversation}"
    if audio is not None:
        response = client.post(
            f"{path}/audio",
            params={"id": message_id, "wait": WAIT_S},
            content=audio.read_bytes(),
            headers={"Content-Type": "application/octet-stream"},
        )
    else:
        response = client.post(f"{path}/messages", params={"wait": WAIT_S}, json={"id": message_id, "text": text})
    return _checked(response, as_json)


def _checked(response: httpx.Response, as_json: bool) -> dict[str, Any]:
    if not response.is_success:
        try:
            error = response.json()["error"]
        except (json.JSONDecodeError, KeyError, TypeError):
            error = {"code": f"http_{response.status_code}", "message": f"the service said {response.status_code}."}
        fail(error["message"], code=error["code"], as_json=as_json)
    return dict(response.json())


def _print(result: dict[str, Any]) -> None:
    if result.get("transcript"):
        notes.print(f"heard: {result['transcript']}", markup=False)
    for reply in result["replies"]:
        if reply.get("text"):
            typer.echo(reply["text"])
    for suggestion in result["suggestions"]:
        typer.echo(f"  - {suggestion['title']}  {say_price(Suggestion.from_dict(suggestion))}  {suggestion['reason']}")
    emotion = result["emotion"]
    felt = "nothing assessed" if emotion is None else f"{emotion['label']} (confidence {emotion['confidence']:.2f})"
    level = "" if result["frustration"] is None else f", frustration {result['frustration']:.0f}"
    handoff = ", handed to a person" if result["handoff"] else ""
    notes.print(f"[{result['conversation']}] {felt}{level}, mode {result['mode']}{handoff}", markup=False)
