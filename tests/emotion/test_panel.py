"""The panel: every modality's answer side by side, and what one scorer's failure costs the others."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from emotion import LoadedPlugin, Panel, Reading, SpeakerBaseline, TurnSignals, VoiceReading, collect
from tests.emotion.builders import customer_said, score, voice
from vocabulary import Absent, Frame, Modality, ModalityScore, Signal, Step, StepKind

FRAME = Frame(np.zeros((4, 4, 3), dtype=np.uint8))
STEP = Step("address", StepKind.ENTER, 0)
BEFORE = SpeakerBaseline().updated("fake", [1.0])


class FakeText:
    def score(self, text: str, *, context: Sequence[Any] = ()) -> ModalityScore | Absent:
        return Absent("no words") if not text else score(Modality.TEXT, cue=float(len(context)))


class FakeVoice:
    engine = "a fake of the tests"

    def score(self, clip: Any, *, baseline: SpeakerBaseline | None = None) -> VoiceReading | Absent:
        before = baseline or SpeakerBaseline()
        return VoiceReading(score(Modality.VOICE), before.updated("fake", [2.0]))


class FakeFace:
    def score(self, frames: Sequence[Frame]) -> ModalityScore | Absent:
        raise RuntimeError("a customer's secret")


class FakeBehaviour:
    def score(self, steps: Sequence[Step]) -> ModalityScore | Absent:
        return score(Modality.BEHAVIOUR)


class FakePlugin:
    name, version, modality, signal, input_type = "pulse", "2", Modality.PHYSIOLOGICAL, Signal.PHYSIOLOGICAL, int
    gives: Any = 80
    answers: Any = None

    def collect(self, conversation_id: str, since: datetime, until: datetime) -> Any:
        return self.gives

    def score(self, given: int) -> Any:
        return self.answers or score(Modality.PHYSIOLOGICAL, arousal=min(1.0, given / 200))


@pytest.fixture
def plugin() -> FakePlugin:
    return FakePlugin()


@pytest.fixture
def panel(plugin: FakePlugin) -> Panel:
    return Panel(
        text=FakeText(),
        voice=FakeVoice(),
        face=FakeFace(),
        behaviour=FakeBehaviour(),
        plugins=[LoadedPlugin(plugin, "pulse 2: pulse:Pulse")],
    )


def test_only_what_was_given_is_scored_and_nothing_is_said_of_the_rest(panel: Panel) -> None:
    readings = panel.read(TurnSignals())
    assert (readings.scores, readings.absent, readings.baseline) == ((), {}, None)
    readings = panel.read(TurnSignals(text="hello"))
    assert [one.modality for one in readings.scores] == [Modality.TEXT]


def test_one_failing_scorer_is_absent_and_the_others_go_on(panel: Panel, caplog: pytest.LogCaptureFixture) -> None:
    readings = panel.read(
        TurnSignals(
            text="hello",
            clip=voice(),
            frames=(FRAME,),
            steps=(STEP,),
            others={Modality.PHYSIOLOGICAL: 80},
        )
    )
    assert {one.modality for one in readings.scores} == set(Modality) - {Modality.FACE, Modality.GESTURE}
    assert readings.absent == {Modality.FACE: "the face scorer failed"}
    assert "secret" not in caplog.text
    assert [record.code for record in caplog.records] == ["RuntimeError"]  # type: ignore[attr-defined]


def test_context_reaches_the_text_scorer(panel: Panel) -> None:
    readings = panel.read(TurnSignals(text="again", context=tuple(customer_said("where is it"))))
    assert readings.scores[0].frustration_cue == 1.0


def test_the_baseline_grows_with_a_judged_clip_and_stays_without(panel: Panel) -> None:
    after = panel.read(TurnSignals(clip=voice(), baseline=BEFORE)).baseline
    assert after is not None and after.turns == 2
    assert panel.read(TurnSignals(text="hello", baseline=BEFORE)).baseline == BEFORE
    assert collect({Modality.VOICE: Reading(Absent("too short"))}, BEFORE).baseline == BEFORE


def test_without_scorers_every_given_signal_is_absent_with_the_reason() -> None:
    readings = Panel().read(
        TurnSignals(text="hello", clip=voice(), frames=(FRAME,), steps=(STEP,), others={Modality.GESTURE: 1})
    )
    assert readings.scores == ()
    assert readings.absent == {
        Modality.TEXT: "no text model",
        Modality.VOICE: "no voice model",
        Modality.FACE: "no face model",
        Modality.BEHAVIOUR: "no behaviour model",
        Modality.GESTURE: "no gesture model",
    }


def test_a_plug_in_s_own_type_is_all_that_reaches_it(panel: Panel) -> None:
    readings = panel.read(TurnSignals(others={Modality.PHYSIOLOGICAL: "eighty"}))
    assert readings.absent == {Modality.PHYSIOLOGICAL: "the physiological scorer takes int, not str"}


@pytest.mark.parametrize("answer", [score(Modality.TEXT), "calm"])
def test_a_plug_in_cannot_answer_for_another_modality(panel: Panel, plugin: FakePlugin, answer: object) -> None:
    plugin.answers = answer
    readings = panel.read(TurnSignals(others={Modality.PHYSIOLOGICAL: 80}))
    assert readings.absent == {Modality.PHYSIOLOGICAL: "the physiological scorer failed"}


def test_a_plug_in_that_has_nothing_is_absent(panel: Panel, plugin: FakePlugin) -> None:
    now = datetime.now(UTC)
    plugin.gives = None
    assert panel.plugin_task(Modality.PHYSIOLOGICAL, "c", now, now)() == Reading(Absent("no physiological data"))
    assert panel.plugin_task(Modality.GESTURE, "c", now, now)() == Reading(Absent("no gesture model"))


def test_status_names_engines_and_what_is_missing() -> None:
    panel = Panel(voice=FakeVoice(), missing={Modality.TEXT: "models/text_emotion holds no text emotion model."})
    found = {status.modality: status for status in panel.status()}
    assert found[Modality.VOICE].engine == "a fake of the tests"
    assert found[Modality.TEXT].engine is None and "holds no text" in found[Modality.TEXT].reason
    assert found[Modality.FACE].reason == "no face model"
    assert Modality.PHYSIOLOGICAL not in found


def test_status_names_the_package_of_a_plug_in(panel: Panel) -> None:
    (status,) = [one for one in panel.status() if one.modality is Modality.PHYSIOLOGICAL]
    assert (status.engine, status.reason) == ("pulse 2", "pulse 2: pulse:Pulse")
