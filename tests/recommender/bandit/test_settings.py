"""Settings are checked, and acts are worth what they say."""

import math
from datetime import timedelta

import pytest

from recommender import BanditError, BanditSettings, PolicyName, RewardSettings, calm_after, record_of
from tests.recommender.bandit.slates import AT
from vocabulary import Interaction, InteractionKind


def test_a_table_of_a_file_makes_settings() -> None:
    table = {"policy": "linucb", "share": 0.1, "floor": 0.0, "reach": 1, "reward": {"calm": 0}}
    made = BanditSettings.from_dict(table)
    assert (made.policy, made.share, made.reach, made.reward.calm) == (PolicyName.LINUCB, 0.1, 1, 0)
    assert made.version == "linucb/1"
    assert BanditSettings.from_dict({}) == BanditSettings()


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"policy": "roulette"}, "expected one of thompson, linucb, greedy, off"),
        ({"policy": 3}, "expected one of"),
        ({"share": 0.9}, "share is 0.9; expected a number from 0 to 0.5"),
        ({"share": "much"}, "expected a number"),
        ({"share": math.nan}, "expected a number"),
        ({"share": True}, "expected a number"),
        ({"share": 0.1, "floor": 0.2}, "floor is 0.2; expected a number from 0 to 0.1"),
        ({"reach": 1.5}, "whole places"),
        ({"reach": 9}, "whole places"),
        ({"speed": 3}, "'speed' is no setting"),
        ({"reward": 3}, "expected a table"),
        ({"reward": {"look": 1.0}}, "'look' is no setting"),
        ({"reward": {"purchase": 99}}, "reward.purchase is 99"),
    ],
)
def test_an_impossible_setting_is_named_with_what_is_allowed(table: dict[str, object], told: str) -> None:
    with pytest.raises(BanditError, match=told):
        BanditSettings.from_dict(table)


def act(kind: InteractionKind, minutes: int, value: float | None = None, item_id: str = "a") -> Interaction:
    return Interaction("c", item_id, kind, AT + timedelta(minutes=minutes), value)


def test_each_kind_of_act_counts_once_with_its_last_value() -> None:
    acts = [
        act(InteractionKind.RATING, 9, 5.0),
        act(InteractionKind.RATING, 3, 1.0),
        *[act(InteractionKind.CLICK, minute) for minute in range(10)],
        act(InteractionKind.VIEW, 1),
        act(InteractionKind.CLICK, 1, item_id="not shown"),
    ]
    record = record_of(["a", "b"], acts, 0.1)
    assert record == {"acts": {"a": {"click": None, "rating": 5.0}}, "calm": 0.1}


@pytest.mark.parametrize(
    ("kind", "value", "worth"),
    [
        (InteractionKind.CLICK, None, 0.2),
        (InteractionKind.PURCHASE, None, 1.0),
        (InteractionKind.NOT_FOR_ME, None, -0.5),
        (InteractionKind.RATING, 5.0, 0.5),
        (InteractionKind.RATING, 1.0, -0.5),
        (InteractionKind.RATING, 3.0, 0.0),
        (InteractionKind.RATING, None, 0.0),
        (InteractionKind.RATING, math.nan, 0.0),
        (InteractionKind.RATING, 1e9, 0.5),
        (InteractionKind.VIEW, None, 0.0),
        (InteractionKind.DWELL, 500.0, 0.0),
    ],
)
def test_what_an_act_is_worth(kind: InteractionKind, value: float | None, worth: float) -> None:
    assert RewardSettings().of(kind, value) == pytest.approx(worth)


@pytest.mark.parametrize(
    ("before", "after", "fall"),
    [
        (30.0, [20.0, 10.0], 0.15),
        (30.0, [20.0, 10.0, 100.0], 0.15),
        (10.0, [40.0], -0.3),
        (10.0, [], None),
        (math.nan, [5.0], None),
        (10.0, [math.nan], None),
    ],
)
def test_the_change_of_frustration_is_that_of_the_two_turns_after(
    before: float, after: list[float], fall: float | None
) -> None:
    assert calm_after(before, after) == (None if fall is None else pytest.approx(fall))
