"""The domain, the rules and the actions say the same."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.shop import INTENT_PHRASES, pack_actions
from actions.shop.slots import FORM_OF_INTENT, OWN_SLOTS
from tests.actions.shop.replies import DOMAIN_FILE, domain, variations

ROOT = DOMAIN_FILE.parent
# Words for what a customer feels: no reply may name it. "Sorry" is about us.
FEELINGS = re.compile(
    r"\b(?:angry|anger|upset|frustrat\w*|annoy\w*|sad|disappoint\w*|stress\w*|afraid|worr\w*|emotion\w*|feel\w*)\b",
    re.IGNORECASE,
)


def rules() -> list[dict[str, Any]]:
    return [
        rule
        for path in sorted((ROOT / "data" / "rules").glob("*.yml"))
        for rule in yaml.safe_load(path.read_text())["rules"]
    ]


def named_in_code() -> set[str]:
    code = "".join(path.read_text() for path in (ROOT / "actions").rglob("*.py"))
    return set(re.findall(r'"(utter_(?:shop|attune)_\w+)"', code))


def test_every_action_of_the_shop_is_in_the_domain_and_the_other_way_round() -> None:
    listed = {name for name in domain()["actions"] if "shop" in name}
    assert {action.name() for action in pack_actions(None)} == listed  # type: ignore[arg-type]  # names need no context


def test_every_intent_has_a_rule() -> None:
    first = {step["intent"] for rule in rules() for step in rule["steps"] if "intent" in step}
    assert set(domain()["intents"]) | {"nlu_fallback"} == first


def test_every_response_that_is_named_exists() -> None:
    in_rules = {step["action"] for rule in rules() for step in rule["steps"] if "action" in step}
    known = set(domain()["responses"])
    assert {name for name in in_rules if name.startswith("utter_")} <= known
    assert {name for name in named_in_code() if not name.endswith("_")} <= known


@pytest.mark.parametrize("response", sorted(domain()["responses"]))
def test_every_response_speaks_in_three_modes_and_names_no_feeling(response: str) -> None:
    conditions = [one.get("condition", [{"value": "neutral"}])[0]["value"] for one in domain()["responses"][response]]
    assert {"neutral", "slow", "no_sell"} == set(conditions)
    for mode in ("neutral", "slow", "no_sell"):
        for one in variations(response, mode):
            if response != "utter_attune_emotion_off":
                assert not FEELINGS.search(one["text"]), one["text"]


def test_the_forms_open_for_the_intents_that_the_code_knows() -> None:
    opened = {
        rule["steps"][0]["intent"]: rule["steps"][2]["action"]
        for rule in rules()
        if len(rule["steps"]) > 2 and rule["steps"][1].get("action") == "action_shop_begin"
    }
    assert opened == FORM_OF_INTENT
    assert set(FORM_OF_INTENT.values()) == set(domain()["forms"])
    for form, slots in OWN_SLOTS.items():
        assert set(slots) <= set(domain()["forms"][form]["required_slots"])


def test_every_intent_but_small_talk_can_be_asked_about() -> None:
    small_talk = {"greet", "thank", "affirm", "deny", "goodbye", "bot_challenge", "praise", "inform", "out_of_scope"}
    assert set(INTENT_PHRASES) == set(domain()["intents"]) - small_talk


def test_no_slot_decides_a_dialogue() -> None:
    deciding = {name for name, slot in domain()["slots"].items() if slot.get("influence_conversation", True)}
    # Rasa leaves slots of type any out of its features.
    assert all(domain()["slots"][name]["type"] == "any" for name in deciding)


def test_the_assessment_runs_before_any_other_slot_is_filled() -> None:
    assert next(iter(domain()["slots"])) == "attune_mode"


def test_there_are_at_least_forty_test_stories() -> None:
    stories = [
        story
        for path in Path(ROOT / "tests" / "stories").glob("*.yml")
        for story in yaml.safe_load(path.read_text())["stories"]
    ]
    assert len({story["story"] for story in stories}) == len(stories) >= 40
