"""The bench of consent: nothing is found in the product, and every broken rule is."""

from typing import Any

import pytest

from actions.assess import permission, storing
from benchmarks.consent import bench_consent
from store.consents import Consents
from store.frames import Frames
from vocabulary import Signal


async def nothing(*_: Any, **__: Any) -> None:
    """Forgets nothing."""


def everything(*_: Any) -> frozenset[Signal]:
    """Allows everything."""
    return frozenset(Signal)


def test_nothing_is_scored_or_kept_against_a_customer_s_will() -> None:
    found = bench_consent(400, seed=1)
    assert found["violations"] == 0 and found["violations_by_kind"] == {}
    assert found["flips"] >= 250
    for happened in ("turns", "flips_while_scoring", "scores_stored", "pictures", "recordings", "step_batches"):
        assert found[happened] > 10, happened
    assert found["verdicts"] and found["refused"] and found["carried_over"] and found["verdicts_seen_improving"]


@pytest.mark.parametrize(
    ("place", "name", "broken", "kind"),
    [
        (permission, "allowed", lambda since, received_at: frozenset(since), "used without consent"),
        (storing, "allowed", everything, "stored without consent"),
        (Consents, "_forget", nothing, "stored without consent"),
        (Frames, "forget_customer", nothing, "frames are kept without consent"),
        ("actions.assess.action", "is_never_assessed", lambda text: False, "scored although never assessed"),
        (
            "actions.assess.start",
            "allowed",
            lambda since, received_at: frozenset(Signal),
            "carried over without consent",
        ),
    ],
)
def test_a_broken_rule_is_found(monkeypatch: pytest.MonkeyPatch, place: Any, name: str, broken: Any, kind: str) -> None:
    where = f"{place}.{name}" if isinstance(place, str) else None
    if where is not None:
        monkeypatch.setattr(where, broken)
    else:
        monkeypatch.setattr(place, name, broken)
    assert bench_consent(250, seed=1)["violations_by_kind"].get(kind, 0) > 0
