"""Help is offered to who is stuck, and not to who only looks around."""

import pytest

from emotion.training.behaviour.generator import SHIFTED, Shop, make_sessions
from emotion.training.behaviour.report import HELD_OUT_SEED, SHIFTED_SEED
from journey import offers_help
from tests.emotion.behaviour.builders import session
from tests.emotion.behaviour.test_scorer import SMOOTH
from vocabulary import Step, StepKind


@pytest.mark.parametrize(
    "words",
    [
        "cart 5 address 6 cart 5 address 6 cart 5 address 6",
        "voucher 10 x 3 voucher 12 x 4",
        "pay 10 !!! 6 !!!! 5",
        "address 10 ^ 12 ^ 8 ^ 6 ^ 3",
        "cart 6 + address 100 ^ 10 ^ 5",
    ],
)
def test_each_sign_alone_is_enough(words: str) -> None:
    assert offers_help(session(words))


@pytest.mark.parametrize(
    "words",
    [
        *SMOOTH,
        "",
        "cart 5 address 6 cart 5 address 6",
        "voucher 10 x 3",
        "pay 10 !!!! 5",
        "address 10 ^ 12 ^ 8 ^ 6",
        "cart 6 + address 100 ^ 10",
    ],
)
def test_one_sign_fewer_is_not(words: str) -> None:
    assert not offers_help(session(words))


def test_who_has_just_finished_is_left_alone() -> None:
    stuck = "voucher 10 x 3 voucher 12 x 4 "
    assert offers_help(session(stuck + "pay 5"))
    assert not offers_help(session(stuck + "pay 5 +"))


def test_trouble_of_a_quarter_of_an_hour_ago_is_past() -> None:
    assert not offers_help(session("voucher 10 x 3 voucher 12 x 900 cart 5"))


def test_two_tabs_compared_are_no_trouble() -> None:
    steps = [Step(f"product-{n % 2}", StepKind.ENTER, n * 4000, tab=n % 2) for n in range(12)]
    assert not offers_help(steps)


@pytest.mark.parametrize(
    ("shop", "seed", "least", "most"), [(Shop(), HELD_OUT_SEED, 0.18, 0.08), (SHIFTED, SHIFTED_SEED, 0.18, 0.14)]
)
def test_over_synthetic_sessions_it_comes_rather_too_seldom_than_too_often(
    shop: Shop, seed: int, least: float, most: float
) -> None:
    sessions = make_sessions(2_000, seed=seed, shop=shop)
    share = {
        truth: sum(offers_help(one.steps) for one in sessions if one.struggling is truth)
        / sum(one.struggling is truth for one in sessions)
        for truth in (True, False)
    }
    print(f"synthetic, seed {seed}: offered to {share[True]:.3f} of the struggling, {share[False]:.3f} of the smooth")
    assert share[True] >= least and share[False] <= most
