"""Trackers as Rasa 3.6 sends them, built message by message."""

from dataclasses import dataclass, field
from typing import Any, Self

from rasa_sdk import Tracker

SESSION = [{"event": "action", "name": "action_session_start"}, {"event": "session_started"}]


@dataclass
class TrackerBuilder:
    """Adds events in order; `tracker()` gives what an action receives."""

    conversation_id: str = "c_0000000000000000000000"
    events: list[dict[str, Any]] = field(default_factory=lambda: [dict(event) for event in SESSION])
    slots: dict[str, Any] = field(default_factory=dict)
    active_form: str | None = None

    def user(
        self,
        text: str,
        intent: str,
        *,
        message_id: str | None = None,
        clip_id: str | None = None,
        frame_ids: tuple[str, ...] = (),
        entities: dict[str, str] | None = None,
        ranking: tuple[str, ...] = (),
    ) -> Self:
        """A customer's message with its reading."""
        message_id = message_id or f"message-{len(self.events):04d}"
        self.events.append({"event": "action", "name": "action_listen"})
        self.events.append(
            {
                "event": "user",
                "text": text,
                "message_id": f"rasa-{message_id}",
                "metadata": {"message_id": message_id, "clip_id": clip_id, "frame_ids": list(frame_ids)},
                "parse_data": {
                    "text": text,
                    "intent": {"name": intent, "confidence": 0.9},
                    "intent_ranking": [{"name": name, "confidence": 0.5} for name in (intent, *ranking)],
                    "entities": [{"entity": name, "value": value} for name, value in (entities or {}).items()],
                },
            }
        )
        return self

    def bot(self, text: str) -> Self:
        """A reply."""
        self.events.append({"event": "bot", "text": text})
        return self

    def slot(self, name: str, value: Any) -> Self:
        """A slot that an action set."""
        self.events.append({"event": "slot", "name": name, "value": value})
        self.slots[name] = value
        return self

    def action(self, name: str) -> Self:
        """An action that ran."""
        self.events.append({"event": "action", "name": name})
        return self

    def form(self, name: str | None) -> Self:
        """A form that begins; None ends it."""
        self.events.append({"event": "active_loop", "name": name})
        self.active_form = name
        return self

    def state(self) -> dict[str, Any]:
        """The tracker as JSON."""
        users = [event for event in self.events if event["event"] == "user"]
        return {
            "sender_id": self.conversation_id,
            "slots": dict(self.slots),
            "latest_message": users[-1].get("parse_data", {}) if users else {},
            "latest_event_time": 0.0,
            "followup_action": None,
            "paused": False,
            "events": self.events,
            "latest_input_channel": "attune",
            "active_loop": {"name": self.active_form} if self.active_form else {},
            "latest_action_name": "action_listen",
            "latest_action": {"action_name": "action_listen"},
        }

    def tracker(self) -> Tracker:
        """The tracker as the SDK hands it on."""
        return Tracker.from_dict(self.state())
