"""The line of recordings: who is next, who gives way, what fits."""

from hypothesis import given
from hypothesis import strategies as st

from service.waiting import FairLine, Place


def arrived(line: FairLine, whose: str, size: int = 1) -> Place:
    place, given_up = line.enter(whose, size)
    assert place is not None and given_up == []
    line.arrive(place, size)
    return place


def order(line: FairLine) -> list[str]:
    """Whose recordings are heard, one after the other."""
    heard = []
    while (place := line.next()) is not None:
        heard.append(place.whose)
        line.heard(place)
    return heard


def test_customers_take_turns() -> None:
    line = FairLine(places=20, most_bytes=100)
    for whose in "aaaaabbc":
        arrived(line, whose)
    assert order(line) == list("abcabaaa")
    assert len(line) == 0


def test_recordings_of_one_customer_keep_their_order_and_follow_each_other() -> None:
    line = FairLine(places=9, most_bytes=9)
    first, second = arrived(line, "a"), arrived(line, "a")
    assert line.next() is first
    assert line.next() is None
    line.heard(first)
    assert line.next() is second


def test_what_has_not_arrived_is_not_heard() -> None:
    line = FairLine(places=9, most_bytes=9)
    place, _ = line.enter("a", 1)
    assert place is not None and line.next() is None
    line.arrive(place, 2)
    assert line.next() is place


def test_full_line_refuses() -> None:
    line = FairLine(places=2, most_bytes=100)
    arrived(line, "a"), arrived(line, "b")
    assert line.enter("c", 1) == (None, [])
    assert line.enter("a", 1) == (None, [])


def test_whoever_has_most_gives_the_newest_up_to_others_but_not_for_nothing() -> None:
    line = FairLine(places=3, most_bytes=100)
    _, _, newest = [arrived(line, "a") for _ in range(3)]
    place, given_up = line.enter("b", 1)
    assert place is not None and given_up == [newest]
    # Two of a, one of b: one more of b would only turn the tables.
    assert line.enter("b", 1) == (None, [])


def test_bytes_are_bounded_and_shared_as_well() -> None:
    line = FairLine(places=9, most_bytes=10)
    arrived(line, "a", 4)
    second = arrived(line, "a", 5)
    assert line.enter("a", 2) == (None, [])
    assert line.enter("b", 11) == (None, [])
    place, given_up = line.enter("b", 3)
    assert place is not None and given_up == [second]
    assert len(line) == 2


def test_leaving_frees_the_place_wherever_it_is() -> None:
    line = FairLine(places=2, most_bytes=10)
    waiting = arrived(line, "a")
    coming, _ = line.enter("b", 1)
    assert coming is not None
    line.leave(waiting), line.leave(coming), line.leave(coming)
    assert len(line) == 0 and line.next() is None


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(min_value=1, max_value=12), st.booleans()), max_size=60))
def test_bounds_hold_and_nobody_is_forgotten(steps: list[tuple[str, int, bool]]) -> None:
    line = FairLine(places=5, most_bytes=20)
    inside: list[Place] = []
    for whose, size, hear in steps:
        place, given_up = line.enter(whose, size)
        inside = [other for other in inside if other not in given_up]
        if place is not None:
            line.arrive(place, size)
            inside.append(place)
        if hear and (turn := line.next()) is not None:
            inside.remove(turn)
            line.heard(turn)
        assert len(line) == len(inside) <= 5
        assert sum(other.size_bytes for other in inside) <= 20
    assert len(order(line)) == len(inside)
