"""What leaves tells about the week and not about a person in it."""

import json
import math
import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from privacy import WEEK_COST, PersonInWeek, private_week

STATES = ("calm", "frustrated", "unsure")
LABELS = ("anger", "neutral")
RUNS = 1500
# Three standard errors of the difference of two shares of RUNS each.
CHANCE = 3 * math.sqrt(2 * 0.25 / RUNS)
OTHERS = [PersonInWeek("calm", "neutral", 40.0)] * 80 + [PersonInWeek("frustrated", "anger", 80.0)] * 20
CALM, ANGRY = PersonInWeek("calm", "neutral", 0.0), PersonInWeek("frustrated", "anger", 100.0)

Figures = dict[str, Any]


def released(people: Sequence[PersonInWeek]) -> Figures:
    return private_week(people, states=STATES, labels=LABELS, minimum=10)


def exact(people: Sequence[PersonInWeek]) -> Figures:
    """The same figures without noise: what the attacks are able to find."""
    return {
        "customers": len(people),
        "states": {state: sum(person.state == state for person in people) for state in STATES},
        "labels": {label: sum(person.label == label for person in people) for label in LABELS},
        "frustration": sum(person.frustration for person in people) / len(people),
    }


def distance(figures: Figures, people: Sequence[PersonInWeek]) -> float:
    """How far from what these people would give, as the logarithm of the noise's density counts it."""
    true = exact(people)
    far = abs(figures["customers"] - true["customers"]) / 4
    for question in ("states", "labels"):
        far += sum(abs((count or 0) - true[question][name]) / 4 for name, count in figures[question].items())
    return far + abs(figures["frustration"] * figures["customers"] - true["frustration"] * len(people)) / 400


def advantage(
    make: Callable[[Sequence[PersonInWeek]], Figures],
    one: list[PersonInWeek],
    two: list[PersonInWeek],
    runs: int = RUNS,
) -> float:
    """How much better than guessing somebody tells two shops apart who knows everybody but one person."""
    says_one = [
        sum(distance(figures, one) < distance(figures, two) for figures in (make(people) for _ in range(runs))) / runs
        for people in (one, two)
    ]
    return says_one[0] - says_one[1]


def test_differencing_does_not_tell_whether_a_person_is_in_the_figures() -> None:
    with_them, without = [*OTHERS, ANGRY], OTHERS
    assert advantage(exact, with_them, without, runs=1) == 1.0
    assert advantage(released, with_them, without) <= math.tanh(WEEK_COST / 2) + CHANCE


def test_differencing_does_not_tell_one_person_s_state() -> None:
    """Whoever knows that a person is in it, and everybody else's values, still does not learn theirs.

    A changed value is one that goes and one that comes: twice the cost of the two questions on kinds, once the sum's.
    """
    assert advantage(exact, [*OTHERS, ANGRY], [*OTHERS, CALM], runs=1) == 1.0
    assert advantage(released, [*OTHERS, ANGRY], [*OTHERS, CALM]) <= math.tanh((0.5 + 0.5 + 0.25) / 2) + CHANCE


def test_figures_are_about_right() -> None:
    """Nineteen of twenty releases are within what they say; a wrong scale would show in 200."""
    true, runs = exact(OTHERS), [released(OTHERS) for _ in range(200)]
    for name in ("customers", "frustration"):
        inside = sum(abs(run[name] - true[name]) <= run["within"][name] for run in runs)
        # Binomial with .95 of 200: 190, four standard errors of 3.1.
        assert inside >= 178
    mean = sum(run["customers"] for run in runs) / len(runs)
    # Noise of scale 4 has a standard deviation of 5.7.
    assert abs(mean - 100) < 4 * 5.7 / math.sqrt(200)
    assert len({run["customers"] for run in runs}) > 5


def test_too_few_people_are_too_few_to_speak_of() -> None:
    few = [ANGRY] * 9
    runs = [released(few) for _ in range(400)]
    assert all(run["withheld"] and run["customers"] is None and "states" not in run for run in runs[:3])
    assert sum(not run["withheld"] for run in runs) <= 4
    assert runs[0]["epsilon"] < released(OTHERS)["epsilon"] == WEEK_COST


def test_small_kinds_are_not_told() -> None:
    for _ in range(50):
        shown = released(OTHERS)["states"]
        assert all(count is None or count >= 10 for count in shown.values())


@pytest.mark.parametrize("people", [[], [PersonInWeek("unheard of", None, 1e9)] * 200, [CALM] * 3000])
def test_odd_weeks_are_released_or_withheld(people: list[PersonInWeek]) -> None:
    figures = released(people)
    assert figures["withheld"] == (not people)
    if people:
        assert 0 <= figures["frustration"] <= 100
    json.dumps(figures, allow_nan=False)


def test_what_counts_people_is_not_loaded_until_it_is_asked() -> None:
    code = "import sys, privacy; assert 'opendp' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_process_of_its_own_answers_the_same_way() -> None:
    given = {
        "people": [vars(person) for person in OTHERS],
        "states": STATES,
        "labels": LABELS,
        "minimum": 10,
    }
    done = subprocess.run(
        [sys.executable, "-m", "privacy.statistics_process"],
        input=json.dumps(given).encode(),
        capture_output=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert figures.keys() == released(OTHERS).keys() and abs(figures["customers"] - 100) < 60
