"""Who is next: recordings wait in turn, one of each customer after the other. Pure; docs/decisions/0067."""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(eq=False)
class Place:
    """One recording from its announcement until it is heard. size_bytes: announced, then as it arrived.

    arrived: it has been read and waits for a worker.
    """

    whose: str
    size_bytes: int
    arrived: bool = field(default=False, init=False)


class FairLine:
    """Places for recordings that arrive or wait. Bounded in number and in bytes together.

    Customers take turns, in the order in which they came; one customer's recordings keep their order, and no two of
    them are heard at once. When all places are taken, whoever has most of them gives one up to a customer who has
    fewer: the newest.
    """

    def __init__(self, *, places: int, most_bytes: int) -> None:
        self._places = places
        self._most_bytes = most_bytes
        self._entered: list[Place] = []
        self._turns: dict[str, deque[Place]] = {}
        self._heard_now: set[str] = set()

    def __len__(self) -> int:
        return len(self._entered)

    def enter(self, whose: str, size_bytes: int) -> tuple[Place | None, list[Place]]:
        """A new place, and the places given up for it, which have left; (None, []) if there is no room."""
        given_up: list[Place] = []
        while not self._has_room(size_bytes, without=given_up):
            victim = self._newest_of_greediest(whose, size_bytes, without=given_up)
            if victim is None:
                return None, []
            given_up.append(victim)
        for place in given_up:
            self.leave(place)
        place = Place(whose, size_bytes)
        self._entered.append(place)
        return place, given_up

    def arrive(self, place: Place, size_bytes: int) -> None:
        """Its sound has been read: it waits for its turn from now on."""
        place.size_bytes = size_bytes
        place.arrived = True
        self._turns.setdefault(place.whose, deque()).append(place)

    def next(self) -> Place | None:
        """Take the place whose turn it is out of the line; None if none may be heard now. End with heard()."""
        for whose, own in self._turns.items():
            if whose in self._heard_now:
                continue
            place = own.popleft()
            # To the end of the round: dictionaries keep the order of insertion.
            del self._turns[whose]
            if own:
                self._turns[whose] = own
            self._entered.remove(place)
            self._heard_now.add(whose)
            return place
        return None

    def heard(self, place: Place) -> None:
        """The customer's next recording may follow."""
        self._heard_now.discard(place.whose)

    def leave(self, place: Place) -> None:
        """Give a place up, wherever it is. Nothing happens if it has left already."""
        if place in self._entered:
            self._entered.remove(place)
        own = self._turns.get(place.whose)
        if own is not None and place in own:
            own.remove(place)
            if not own:
                del self._turns[place.whose]

    def _has_room(self, size_bytes: int, *, without: list[Place]) -> bool:
        left = [place.size_bytes for place in self._staying(without)]
        return len(left) < self._places and sum(left) + size_bytes <= self._most_bytes

    def _newest_of_greediest(self, whose: str, size_bytes: int, *, without: list[Place]) -> Place | None:
        counts: Counter[str] = Counter()
        sizes: Counter[str] = Counter()
        for place in self._staying(without):
            counts[place.whose] += 1
            sizes[place.whose] += place.size_bytes
        by_number = sum(counts.values()) >= self._places
        held, asked = (counts, 1) if by_number else (sizes, size_bytes)
        greediest = max(held, key=lambda name: held[name], default=None)
        if greediest is None or greediest == whose or held[greediest] <= held[whose] + asked:
            return None
        return next(place for place in reversed(self._entered) if place.whose == greediest and place not in without)

    def _staying(self, without: list[Place]) -> Iterator[Place]:
        return (place for place in self._entered if place not in without)
