"""Statistics that may leave the shop: each figure carries noise that hides whether any one person is in it.

One person counts with one value per question, whatever they wrote. OpenDP checks how far one person can move a figure
and draws the noise. It is loaded when a release is made and not before: its import takes a second and 130 MB.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

EPSILON: Final = 0.25
"""What each of the four questions costs. One person changes the chance of any answer by a factor of at most e^0.25."""
QUESTIONS: Final = ("customers", "states", "labels", "frustration")
WEEK_COST: Final = EPSILON * len(QUESTIONS)
SMALLEST_GROUP: Final = 10
"""The least minimum group size that may be set."""
_HIGHEST: Final = 100
# A group below the minimum passes at most once in a thousand releases.
_TOO_SMALL_PASSES: Final = 0.001
_ONE_OF_TWENTY: Final = 0.05


@dataclass(frozen=True)
class PersonInWeek:
    """What one person adds: their most frequent state and emotion, and the mean of their frustration, 0 to 100."""

    state: str
    label: str | None
    frustration: float


def private_week(
    people: Sequence[PersonInWeek], *, states: Sequence[str], labels: Sequence[str], minimum: int
) -> dict[str, Any]:
    """The noisy figures of one week, as JSON holds them.

    customers: how many; None, and everything else withheld, where the noisy number does not show that there are at
    least `minimum`. states, labels: customers by their most frequent one; None for under `minimum`. frustration: the
    mean. within: how far each figure is from the true one in nineteen of twenty releases. epsilon: what was spent.
    """
    asked = _questions(tuple(states), tuple(labels))
    customers = int(asked["customers"].measure([person.state for person in people]))
    margin = math.ceil(asked["customers"].within(2 * _TOO_SMALL_PASSES))
    limits = {"minimum": minimum, "threshold": minimum + margin}
    if customers < limits["threshold"]:
        return {"customers": None, "withheld": True, "epsilon": EPSILON, **limits}
    counted = {}
    for question, categories, values in (
        ("states", states, [person.state for person in people]),
        ("labels", labels, [person.label for person in people if person.label is not None]),
    ):
        shown = (count if count >= minimum else None for count in asked[question].measure(values))
        counted[question] = dict(zip(categories, shown, strict=True))
    # Whole numbers: how a sum of floats is rounded would tell something about its parts.
    total = asked["frustration"].measure([max(0, min(_HIGHEST, round(person.frustration))) for person in people])
    mean = max(0.0, min(float(_HIGHEST), total / customers))
    within = {name: round(question.within(_ONE_OF_TWENTY), 1) for name, question in asked.items()}
    # Both the sum and the number that it is divided by carry noise.
    within["frustration"] = round((within["frustration"] + mean * within["customers"]) / customers, 1)
    return {
        "customers": customers,
        **counted,
        "frustration": round(mean, 1),
        "within": within,
        "withheld": False,
        "epsilon": WEEK_COST,
        **limits,
    }


@dataclass(frozen=True)
class _Question:
    """One figure with its noise. scale: of the noise."""

    measure: Any
    scale: float

    def within(self, chance: float) -> float:
        """How far the noise goes, but for this chance."""
        import opendp.prelude as dp

        return float(dp.laplacian_scale_to_accuracy(self.scale, chance))


@cache
def _questions(states: tuple[str, ...], labels: tuple[str, ...]) -> dict[str, _Question]:
    import opendp.prelude as dp

    dp.enable_features("contrib")
    then_sum: Any = dp.t.then_sum
    texts = dp.vector_domain(dp.atom_domain(T=str)), dp.symmetric_distance()
    numbers = dp.vector_domain(dp.atom_domain(T=int)), dp.symmetric_distance()

    def by(categories: tuple[str, ...]) -> Any:
        return dp.t.make_count_by_categories(
            *texts, categories=list(categories), null_category=False, MO=dp.L1Distance[int], TOA=int
        )

    def noisy(query: Any) -> _Question:
        """The query with the least noise that keeps to EPSILON when one person comes or goes."""
        scale = dp.binary_search_param(lambda width: query >> dp.m.then_laplace(scale=width), d_in=1, d_out=EPSILON)
        measure = query >> dp.m.then_laplace(scale=scale)
        if not measure.check(d_in=1, d_out=EPSILON):
            raise ValueError(f"noise of scale {scale} does not keep to epsilon {EPSILON}; nothing is released.")
        return _Question(measure, float(scale))

    return {
        "customers": noisy(texts >> dp.t.then_count()),
        "states": noisy(by(states)),
        "labels": noisy(by(labels)),
        "frustration": noisy(numbers >> dp.t.then_clamp(bounds=(0, _HIGHEST)) >> then_sum()),
    }


def people_of(rows: Sequence[Mapping[str, Any]]) -> list[PersonInWeek]:
    """What crosses to the process that makes a release, put together again. Raises: KeyError, TypeError, ValueError."""
    return [PersonInWeek(str(row["state"]), row["label"], float(row["frustration"])) for row in rows]
