"""The gate policy, alone."""

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.policies.gate import AttuneGatePolicy, must_escalate
from tests.bot.served_bot import TINY


@pytest.fixture
def domain() -> Domain:
    return Domain.load(str(TINY / "domain.yml"))


def tracker_of(domain: Domain, *events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("c_1", [ActionExecuted("action_listen"), *events], slots=domain.slots)


def said(message_id: str | None = "m1", own_id: str = "e1") -> UserUttered:
    metadata = {"message_id": message_id} if message_id else None
    return UserUttered("no!", {"name": "greet"}, message_id=own_id, metadata=metadata)


ASSESSED = (SlotSet("attune_escalate", True), SlotSet("attune_assessed_message", "m1"))


def test_an_assessed_message_that_needs_a_person_escalates(domain: Domain) -> None:
    assert must_escalate(tracker_of(domain, said(), *ASSESSED))


def test_it_escalates_inside_a_form(domain: Domain) -> None:
    assert must_escalate(tracker_of(domain, ActiveLoop("colour_form"), said(), *ASSESSED))


def test_an_assessment_of_an_earlier_message_does_not(domain: Domain) -> None:
    assert not must_escalate(tracker_of(domain, said("m2"), *ASSESSED))


def test_a_calm_assessment_does_not(domain: Domain) -> None:
    calm = (SlotSet("attune_escalate", False), SlotSet("attune_assessed_message", "m1"))
    assert not must_escalate(tracker_of(domain, said(), *calm))


@pytest.mark.parametrize("event", [ActionExecuted("utter_hello"), ActionExecutionRejected("colour_form")])
def test_in_the_middle_of_a_turn_it_abstains(domain: Domain, event: Event) -> None:
    assert not must_escalate(tracker_of(domain, said(), *ASSESSED, event))


def test_without_our_metadata_the_events_own_id_counts(domain: Domain) -> None:
    assessed = (SlotSet("attune_escalate", True), SlotSet("attune_assessed_message", "e1"))
    assert must_escalate(tracker_of(domain, said(None), *assessed))
    assert not must_escalate(tracker_of(domain, said("m1"), *assessed))


def test_a_bot_without_our_slots_is_left_alone() -> None:
    tracker = DialogueStateTracker.from_events("c_1", [ActionExecuted("action_listen"), said()], slots=[])
    assert not must_escalate(tracker)


def test_the_prediction_beats_every_other_policy(domain: Domain, tmp_path_factory: pytest.TempPathFactory) -> None:
    policy = AttuneGatePolicy.create(
        AttuneGatePolicy.get_default_config(),
        LocalModelStorage(tmp_path_factory.mktemp("storage")),
        Resource("gate"),
        ExecutionContext(GraphSchema({})),
    )

    gate = policy.predict_action_probabilities(tracker_of(domain, said(), *ASSESSED), domain)
    silent = policy.predict_action_probabilities(tracker_of(domain, said("m2"), *ASSESSED), domain)

    assert domain.action_names_or_texts[gate.max_confidence_index] == "action_attune_escalate"
    assert (gate.max_confidence, gate.is_no_user_prediction, gate.policy_priority) == (1.0, True, 100)
    assert (silent.max_confidence, silent.is_no_user_prediction) == (0.0, False)
