"""The gate: when this message's assessment asks for a person, nothing else may run first."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

ESCALATE_ACTION = "action_attune_escalate"
ESCALATE_SLOT = "attune_escalate"
ASSESSED_SLOT = "attune_assessed_message"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=False)
class AttuneGatePolicy(Policy):
    """Predicts `action_attune_escalate` at the start of a turn whose assessment says so; else abstains.

    The prediction is marked `is_no_user_prediction` and has the highest priority, because RulePolicy continues a
    form that way with confidence 1.0, and a form must not hold back a customer who needs a person.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Above every policy that Rasa ships (RulePolicy: 6)."""
        return {"priority": 100}

    @staticmethod
    def supported_data() -> SupportedData:
        """Nothing is learned, so any data will do."""
        return SupportedData.ML_AND_RULE_DATA

    def train(self, training_trackers: List[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Nothing to learn; Rasa's recipe calls this on every policy."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[str, Any]] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Escalate with certainty, or nothing."""
        probabilities = self._default_predictions(domain)
        if not must_escalate(tracker) or ESCALATE_ACTION not in domain.action_names_or_texts:
            return self._prediction(probabilities)
        probabilities[domain.index_for_action(ESCALATE_ACTION)] = 1.0
        return self._prediction(probabilities, is_no_user_prediction=True)


def must_escalate(tracker: DialogueStateTracker) -> bool:
    """Is this the start of a turn, assessed for this very message, and a person needed?"""
    message = _message_that_opens_the_turn(tracker)
    if message is None or tracker.slots.get(ESCALATE_SLOT) is None:
        return False
    message_id = (message.metadata or {}).get("message_id") or message.message_id
    assessed = tracker.get_slot(ASSESSED_SLOT)
    return bool(tracker.get_slot(ESCALATE_SLOT)) and message_id is not None and assessed == message_id


def _message_that_opens_the_turn(tracker: DialogueStateTracker) -> Optional[UserUttered]:
    """The last user message if no action has run or been refused since; None in the middle of a turn."""
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            return event
        if isinstance(event, (ActionExecuted, ActionExecutionRejected)):
            return None
    return None
