"""Counting steps: by hand, and for whatever order they come in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.emotion.behaviour.builders import session
from vocabulary import Step, StepError, StepKind, Visit, in_order, latest

anything = st.lists(
    st.builds(
        Step,
        name=st.sampled_from(["cart", "address", "pay", "a_very-long1"]),
        kind=st.sampled_from(list(StepKind)),
        at_ms=st.integers(0, 3_600_000),
        tab=st.integers(0, 2),
    ),
    max_size=60,
)


def test_to_and_fro_is_the_longest_run_between_two_steps() -> None:
    visit = Visit.of(session("cart 5 address 5 cart 5 address 5 pay 5"))
    assert (visit.back_and_forth, visit.returns, visit.places) == (3, 2, 3)
    assert (visit.stuck_at, visit.signs_there, visit.signs_elsewhere) == ("address", 2, 0)


def test_entering_the_same_step_again_is_no_move() -> None:
    assert Visit.of(session("cart 5 cart 5 cart 5")).returns == 0


def test_two_tabs_side_by_side_are_no_to_and_fro() -> None:
    one = session("cart 4 cart 4 cart 4", tab=0)
    other = session("pay 4 pay 4 pay 4", tab=1, start_s=2)
    assert Visit.of(one + other).returns == 0


def test_a_burst_is_three_quick_clicks_and_a_double_click_is_none() -> None:
    assert Visit.of(session("pay 3 !! 5 !! 5")).rapid_bursts == 0
    assert Visit.of(session("pay 3 !!! 5 !!!!!! 5")).rapid_bursts == 2


def test_signs_are_counted_where_they_lie() -> None:
    visit = Visit.of(session("cart 5 ^ 3 + address 5 ^ 4 ^ 4 x 3 pay 2 +"))
    assert (visit.rereads, visit.aborts, visit.done) == (3, 1, 2)
    assert (visit.stuck_at, visit.signs_there, visit.signs_elsewhere) == ("address", 3, 1)


def test_a_stay_is_measured_beside_the_customer_s_own_and_time_away_is_left_out() -> None:
    visit = Visit.of(session("cart 10 address 60 pay 20 +"))
    assert visit.longest_stay_s == pytest.approx(60, abs=0.1)
    assert visit.stay_ratio == pytest.approx(60 / 20, abs=0.05)  # The median of 10, 20 and the 20 s assumed.
    assert Visit.of(session("cart 10 - 500 cart 5 +")).longest_stay_s == pytest.approx(15, abs=0.1)
    assert Visit.of(session("cart 3000 +")).longest_stay_s == 120


def test_an_old_trouble_is_past() -> None:
    steps = session("pay 5 !!! 5 x 700 cart 5 + address 5 +")
    assert Visit.of(steps).aborts == 1
    assert Visit.of(latest(steps)).aborts == 0


def test_nothing_counts_as_nothing() -> None:
    visit = Visit.of([])
    assert (visit.steps, visit.stuck_at, visit.stay_ratio) == (0, None, 1.0)
    assert latest([]) == []


@given(anything, st.randoms())
def test_order_and_repetition_of_what_arrives_do_not_matter(steps: list[Step], chance: object) -> None:
    shuffled = steps + steps[: len(steps) // 2]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert Visit.of(shuffled) == Visit.of(steps)


@given(anything)
def test_counts_stay_within_the_steps(steps: list[Step]) -> None:
    visit = Visit.of(steps)
    assert 0 <= visit.rereads + visit.aborts + visit.done <= visit.steps == len(in_order(steps))
    assert visit.stay_ratio >= 1 and visit.longest_stay_s >= 0
    assert visit.signs_there >= visit.signs_elsewhere / max(1, visit.places - 1)


@given(anything)
def test_steps_survive_a_round_trip(steps: list[Step]) -> None:
    assert [Step.from_dict(step.to_dict()) for step in steps] == steps


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a" * 65},
        {"name": "Address"},
        {"name": "my e-mail is a@b.c"},
        {"name": "cart\n"},
        {"name": None},
        {"kind": "hover"},
        {"at_ms": -1},
        {"at_ms": 10**12},
        {"at_ms": 1.5},
        {"at_ms": True},
        {"at_ms": None},
        {"tab": 64},
    ],
)
def test_a_wrong_step_is_refused_without_repeating_it(wrong: dict[str, object]) -> None:
    raw = {"name": "cart", "kind": "enter", "at_ms": 5, "tab": 0} | wrong
    with pytest.raises(StepError, match="expected") as caught:
        Step.from_dict(raw)
    assert "a@b.c" not in str(caught.value)
