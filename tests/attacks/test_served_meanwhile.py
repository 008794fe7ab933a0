"""Everybody else is served while one address attacks; `--load full` runs every attack for longer."""

from benchmarks.attackers import ATTACKS
from benchmarks.attacks import ALLOWED_RATIO, bench_attacks

_SMALL = ("slow_headers", "big_bodies", "requests", "logins", "socket_frames")
# One slice of a busy machine's scheduler more or less is no effect of the attack.
_SLICE_MS = 25.0
# What the server answers to those who keep to its rules.
_SERVED = {"200", "201", "202", "101", "opened"}


def test_others_are_served_while_one_address_attacks(full_load: bool) -> None:
    kinds = list(ATTACKS) if full_load else list(_SMALL)
    result = bench_attacks(kinds, 5.0 if full_load else 1.5, 4 if full_load else 2)
    assert result["failed"] == 0 and not result["content_in_log"]
    for kind, one in result["attacks"].items():
        assert sum(one["answers_to_attacker"].values()) > 10, kind
        assert one["attacked_p95_ms"] <= ALLOWED_RATIO * one["quiet_p95_ms"] + _SLICE_MS, (kind, one)
    refused = result["attacks"]
    assert not _SERVED & refused["slow_headers"]["answers_to_attacker"].keys()
    assert not _SERVED & refused["big_bodies"]["answers_to_attacker"].keys()
    assert not _SERVED & refused["logins"]["answers_to_attacker"].keys()
