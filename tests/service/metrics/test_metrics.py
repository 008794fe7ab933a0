"""Figures of the web process: for whoever has the token, and without a word of anybody."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr, ValidationError

from service import Settings
from service.calls.record import stage_spans
from service.metrics import Metrics, Spans, open_spans
from tests.service.talk import Customer, Talk, talking

ALLOWED_LABELS = {"transport", "because", "code", "stage", "kind", "outcome", "le"}


async def figures(talk: Talk, token: str | None) -> tuple[int, str]:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    response = await talk.client.get("/metrics", headers=headers)
    return response.status_code, response.text


def value(text: str, name: str, **labels: str) -> float:
    """One sample of the text format, read as Prometheus reads it."""
    found = [
        sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    ]
    assert len(found) == 1, (name, labels, found)
    return found[0]


async def test_only_the_token_opens_the_figures(talk: Talk, customer: Customer) -> None:
    secrets = talk.services.secrets
    assert (await figures(talk, secrets.metrics_token))[0] == 200
    assert (await figures(talk, secrets.operator_token))[0] == 200
    for wrong in (None, "", customer.token, secrets.voice_token, secrets.rasa_token, secrets.metrics_token[:-1]):
        status, text = await figures(talk, wrong)
        assert status == 401 and "attune_turn" not in text
    odd = await talk.client.get("/metrics", headers={b"Authorization": "Bearer é".encode()})
    assert odd.status_code == 401


async def test_a_token_of_the_installation_s_own_takes_the_place_of_the_derived_one(tmp_path: Path) -> None:
    own = "k" * 40
    async with talking(tmp_path, metrics_token=own) as talk:
        assert (await figures(talk, own))[0] == 200
        assert (await figures(talk, talk.services.secrets.metrics_token))[0] == 401


def test_a_short_token_is_refused_without_being_repeated(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="32 characters or more") as refused:
        Settings(home=tmp_path, metrics_token=SecretStr("short-secret"))
    assert "short-secret" not in str(refused.value)


async def test_turns_are_counted_by_kind_and_outcome(talk: Talk, customer: Customer) -> None:
    await customer.say("one")
    await customer.say("two")
    talk.rasa.state = "refusing"
    await customer.say("three")
    _, text = await figures(talk, talk.services.secrets.metrics_token)
    assert value(text, "attune_turn_seconds_count", kind="typed", outcome="answered") == 2
    assert value(text, "attune_turn_seconds_count", kind="typed", outcome="failed") == 1


async def test_no_figure_names_a_person_a_conversation_or_a_word(talk: Talk, customer: Customer) -> None:
    await customer.say("my name is Zebulon Quist")
    _, text = await figures(talk, talk.services.secrets.metrics_token)
    assert "Zebulon" not in text and customer.id not in text
    labels = {
        label for family in text_string_to_metric_families(text) for one in family.samples for label in one.labels
    }
    assert labels <= ALLOWED_LABELS


def test_words_from_elsewhere_make_no_endless_series() -> None:
    metrics = Metrics()
    for number in range(500):
        metrics.trouble(f"code-{number}")
        metrics.call_begun("webrtc")
        metrics.call_ended("webrtc", f"because-{number}", frames=-1, late=-1)
    text = metrics.text().decode()
    assert value(text, "attune_call_trouble_total", code="other") == 460
    assert value(text, "attune_calls_ended_total", because="other") == 500
    assert value(text, "attune_call_frames_total") == 0


def test_a_turn_is_a_span_with_its_stages_as_children() -> None:
    exporter = InMemorySpanExporter()
    spans = open_spans("", "attune-web", exporter=exporter)
    stages = {
        "turn_end": 0.5,
        "transcript": 0.7,
        "accepted": 0.75,
        "assessed": 0.9,
        "answered": 1.0,
        "first_audio": 1.2,
    }
    spans.turn("spoken turn", 1_000.0, stage_spans(stages), {"attune.transport": "webrtc"})
    found = {span.name: span for span in exporter.get_finished_spans()}
    whole = found.pop("spoken turn")
    assert (whole.start_time, whole.end_time) == (1_000_000_000_000, 1_001_200_000_000)
    assert list(found) == ["end of turn", "speech to text", "inbox", "emotion", "assistant", "first audio"]
    assert all(span.parent is not None and span.parent.span_id == whole.context.span_id for span in found.values())
    assert found["emotion"].start_time == 1_000_750_000_000 and found["emotion"].end_time == 1_000_900_000_000
    assert dict(whole.attributes or {}) == {"attune.transport": "webrtc"}
    assert dict(whole.resource.attributes) == {"service.name": "attune-web"}


def test_a_stage_that_began_before_another_ended_has_no_negative_length() -> None:
    """Speech to text works while the end of the turn is still being decided."""
    spans = stage_spans({"turn_end": 0.6, "transcript": 0.2, "accepted": 0.6})
    assert [(one.name, one.began, one.ended) for one in spans] == [
        ("speech to text", 0.0, 0.2), ("end of turn", 0.2, 0.6), ("inbox", 0.6, 0.6),
    ]  # fmt: skip


def test_without_an_endpoint_nothing_is_sent_and_nothing_is_loaded() -> None:
    assert type(open_spans("", "attune-web")) is Spans


async def test_typed_turns_are_spans_too_without_content(talk: Talk, customer: Customer) -> None:
    exporter = InMemorySpanExporter()
    spans = open_spans("", "attune-web", exporter=exporter)
    talk.services.drain._exchange._spans = spans
    await customer.say("my name is Zebulon Quist")
    found = {span.name: span for span in exporter.get_finished_spans()}
    assert set(found) == {"turn", "inbox", "assistant"}
    told = SimpleNamespace(**{name: span.to_json() for name, span in found.items()})
    assert "Zebulon" not in str(told) and customer.id not in str(told)
    assert dict(found["turn"].attributes or {})["attune.kind"] == "typed"
