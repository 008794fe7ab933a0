"""Sessions in a shop with and without something in the way: made up, by the rules written here.

A customer walks through a task of four to eight steps, at a pace and with habits that have nothing to do with trouble:
some compare and go back, some read twice, some click fast, some are interrupted, some browse and stop. With probability
STRUGGLING one or two steps are an obstacle of intensity i ~ Beta(1.8, 1.8) and of one of three kinds:

| what the customer does there | hard to understand (.4) | lost (.35)     | broken (.25)   |
|------------------------------|-------------------------|----------------|----------------|
| stays longer, time × (1 + …) | 3 i                     | .5 i           | .8 i           |
| reads again, Poisson         | 2 i                     | .6 i           | .4 i           |
| goes back and returns, Poisson | .8 i                  | 3 i            | .8 i           |
| clicks in bursts, Poisson    | .3 i                    | .4 i           | 2.2 i          |
| gives up and tries again     | .4 i                    | .3 i           | .7 i           |

Having given a step up, it is left for good with probability .5 i. Times vary by a lognormal of .5.
All of it also happens without an obstacle, at the rates of the customer's habits, so no sign decides alone, and a
mild obstacle looks like none. A session is cut where the customer writes to the assistant, somewhere after a third.
The figures are the author's judgement of a shop, not measurements of one: whatever is reported over these sessions is
called synthetic, and `shifted` sessions (other rates, other lengths) show how far the model hangs on them.
"""

from dataclasses import astuple, dataclass, replace
from typing import Final

import numpy as np

from vocabulary import Step, StepKind

STRUGGLING: Final = 0.35


@dataclass(frozen=True)
class Shop:
    """The rates that a set of sessions is made with; the fields are those of the module's table.

    least, most: steps of a task. usual_s: median seconds in a step. habit: scale of what happens without an obstacle.
    effect: scale of what an obstacle adds.
    """

    least: int = 4
    most: int = 8
    usual_s: float = 15.0
    habit: float = 1.0
    effect: float = 1.0


SHIFTED: Final = Shop(least=3, most=12, usual_s=25.0, habit=1.4, effect=0.8)
"""A shop that the model was not made for: longer tasks, busier customers, milder obstacles."""


@dataclass(frozen=True)
class Session:
    """One made-up session. struggling: the truth. group: the habit that stands out, or "plain"; device: as a group."""

    steps: tuple[Step, ...]
    struggling: bool
    group: str
    device: str


@dataclass(frozen=True)
class _Trouble:
    """What an obstacle adds in one step, already times its intensity."""

    stays: float = 0.0
    rereads: float = 0.0
    returns: float = 0.0
    bursts: float = 0.0
    aborts: float = 0.0
    ends: float = 0.0

    def times(self, factor: float) -> "_Trouble":
        return _Trouble(*(value * factor for value in astuple(self)))


_NO_TROUBLE: Final = _Trouble()
_KINDS: Final = (
    (0.40, _Trouble(stays=3.0, rereads=2.0, returns=0.8, bursts=0.3, aborts=0.4, ends=0.5)),
    (0.35, _Trouble(stays=0.5, rereads=0.6, returns=3.0, bursts=0.4, aborts=0.3, ends=0.5)),
    (0.25, _Trouble(stays=0.8, rereads=0.4, returns=0.8, bursts=2.2, aborts=0.7, ends=0.5)),
)


@dataclass(frozen=True)
class _Habits:
    pace: float = 1.0
    compares: float = 0.12
    rereads: float = 0.15
    bursts: float = 0.03
    aborts: float = 0.04
    pauses: float = 0.04


_GROUPS: Final = {
    "plain": (0.52, _Habits()),
    "comparing": (0.14, _Habits(compares=0.6)),
    "thorough": (0.12, _Habits(pace=1.6, rereads=0.7)),
    "hasty": (0.12, _Habits(pace=0.6, bursts=0.3)),
    "interrupted": (0.10, _Habits(pauses=0.35, aborts=0.12)),
}


def make_sessions(count: int, *, seed: int, shop: Shop = Shop()) -> list[Session]:
    """`count` sessions, the same for the same seed; each is another customer's."""
    rng = np.random.default_rng(seed)
    return [_session(rng, shop) for _ in range(count)]


def _session(rng: np.random.Generator, shop: Shop) -> Session:
    names = list(_GROUPS)
    group = names[int(rng.choice(len(names), p=[_GROUPS[name][0] for name in names]))]
    device = "phone" if rng.random() < 0.55 else "desktop"
    habits = _GROUPS[group][1]
    # On a small screen one scrolls back more, whatever the matter.
    habits = replace(habits, rereads=habits.rereads * (1.5 if device == "phone" else 1.0))
    walk = _Walk(rng, shop, habits)
    struggling = bool(rng.random() < STRUGGLING)
    steps = walk.run(struggling)
    while len(steps) < 3:
        steps = _Walk(rng, shop, habits).run(struggling)
    return Session(tuple(steps), struggling, group, device)


class _Walk:
    """One customer's way through one task."""

    def __init__(self, rng: np.random.Generator, shop: Shop, habits: _Habits) -> None:
        self._rng = rng
        self._shop = shop
        self._habits = habits
        self._pace = habits.pace * float(rng.lognormal(0.0, 0.35))
        self._at_ms = 0.0
        self._steps: list[Step] = []

    def run(self, struggling: bool) -> list[Step]:
        places = int(self._rng.integers(self._shop.least, self._shop.most + 1))
        obstacles: dict[int, _Trouble] = {}
        if struggling:
            for place in self._rng.choice(places, size=int(self._rng.integers(1, 3)), replace=False):
                kind = int(self._rng.choice(len(_KINDS), p=[share for share, _ in _KINDS]))
                obstacles[int(place)] = _KINDS[kind][1].times(float(self._rng.beta(1.8, 1.8)) * self._shop.effect)
        # Where the customer writes; not before something in the way has been met.
        last = max(int(self._rng.integers(places // 3, places)), min(obstacles, default=0))
        for place in range(last + 1):
            if not self._step(place, obstacles.get(place, _NO_TROUBLE)):
                break
        return self._steps

    def _step(self, place: int, trouble: _Trouble) -> bool:
        """Walk through one step; False when the customer gives up."""
        self._add(place, StepKind.ENTER)
        self._stay(place, trouble)
        for _ in range(self._poisson(self._habits.compares, trouble.returns) if place > 0 else 0):
            self._add(place - 1, StepKind.ENTER)
            self._stay(place - 1, _NO_TROUBLE)
            self._add(place, StepKind.ENTER)
            self._stay(place, trouble.times(0.3))
        if self._rng.random() < self._habits.aborts * self._shop.habit + trouble.aborts:
            self._add(place, StepKind.ABORT)
            self._pass(2.0)
            if self._rng.random() < trouble.ends:
                return False
            self._add(place, StepKind.ENTER)
            self._stay(place, trouble.times(0.5))
        if self._rng.random() < 0.7:
            self._add(place, StepKind.DONE)
        return True

    def _stay(self, place: int, trouble: _Trouble) -> None:
        usual = self._shop.usual_s * self._pace * float(self._rng.lognormal(0.0, 0.5))
        seconds = usual * (1.0 + trouble.stays * float(self._rng.lognormal(0.0, 0.5)))
        rereads = self._poisson(self._habits.rereads, trouble.rereads)
        bursts = self._poisson(self._habits.bursts, trouble.bursts)
        clicks = int(self._rng.poisson(1.0))
        happenings = ["read"] * rereads + ["burst"] * bursts + ["click"] * clicks
        self._rng.shuffle(happenings)
        for happening in happenings:
            self._pass(seconds / (len(happenings) + 1))
            if happening == "burst":
                for _ in range(int(self._rng.integers(3, 7))):
                    self._add(place, StepKind.CLICK)
                    self._at_ms += float(self._rng.uniform(90, 330))
            else:
                self._add(place, StepKind.READ if happening == "read" else StepKind.CLICK)
        self._pass(seconds / (len(happenings) + 1))
        if self._rng.random() < self._habits.pauses * self._shop.habit:
            self._add(place, StepKind.LEAVE)
            self._pass(float(self._rng.lognormal(4.0, 0.8)))
            self._add(place, StepKind.ENTER)
            self._pass(seconds / 3)

    def _poisson(self, habit: float, added: float) -> int:
        return int(self._rng.poisson(habit * self._shop.habit + added))

    def _pass(self, seconds: float) -> None:
        self._at_ms += max(0.5, seconds) * 1000

    def _add(self, place: int, kind: StepKind) -> None:
        self._steps.append(Step(f"step-{place + 1}", kind, round(self._at_ms)))
