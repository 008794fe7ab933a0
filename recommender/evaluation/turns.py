"""Generated turns against the red lines: any state, any case, any number asked for, with offers allowed or not."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from recommender.ranking import is_distressed, violations
from recommender.slate import Candidate, Request, Slate
from vocabulary import CustomerState, Item, Relation, StateName

SEED: Final = 20_262
ALL: Final = 120
"""So many the order without a state is asked for: all that a list is made of."""

_WORDS: Final = (
    "{type}",
    "a cheap {type}",
    "{type} under {price} euros",
    "my {type} is broken",
    "something for my {type}",
    "spare part for the {title}",
    "{title}",
    "is the {title} any good?",
    "thanks, it works again!",
    "nothing works, I am fed up",
    "",
)

Ask = Callable[[Request], Slate]


@dataclass(frozen=True)
class TurnsReport:
    """turns: run. shown: items in all lists. distressed: turns with somebody in distress. crossed: red lines crossed,
    with the first few in words. rules: how often each rule applied."""

    turns: int
    shown: int
    distressed: int
    crossed: int
    examples: tuple[str, ...] = ()
    rules: Counter[str] = field(default_factory=Counter)

    def to_dict(self) -> dict[str, Any]:
        return {
            "turns": self.turns,
            "shown": self.shown,
            "distressed": self.distressed,
            "violations": self.crossed,
            "examples": list(self.examples),
            "rules": dict(self.rules.most_common()),
        }


def generated_requests(items: Sequence[Item], count: int, *, seed: int = SEED) -> Iterator[Request]:
    """Requests of every kind; the same seed gives the same ones. items: the catalogue, at least one."""
    draw = random.Random(seed)
    for number in range(count):
        item, case = draw.choice(items), draw.choice(items)
        words = draw.choice(_WORDS).format(
            type=item.attributes.get("type", item.category), title=item.title, price=draw.randint(5, 500)
        )
        state = CustomerState(
            frustration=draw.choice((0.0, 20.0, 34.9, 35.0, 54.9, 55.0, 70.0, 100.0, draw.uniform(0, 100))),
            trend=draw.uniform(-40, 40),
            name=draw.choice(list(StateName)),
            confidence=draw.random(),
            turns=draw.randint(1, 9),
        )
        yield Request(
            query=words,
            limit=draw.choice((0, 1, 2, 3, 3, 5, 10)),
            state=None if draw.random() < 0.1 else state,
            offers_allowed=draw.random() > 0.1,
            about=(case.id,) if draw.random() < 0.6 else (),
            liked=(item.category,) if draw.random() < 0.2 else (),
            seed=str(number),
        )


def run_turns(requests: Iterator[Request], ask: Ask, neutral: Ask, items: Sequence[Item]) -> TurnsReport:
    """Answer each request and look for red lines that its list crosses.

    ask: the recommender as it is, nothing tried. neutral: the same with colours and sizes and without a floor, asked
    without the state: the order that a state must not turn against the customer.
    """
    catalogue = {item.id: item for item in items}
    turns = shown = distressed = crossed = 0
    examples: list[str] = []
    rules: Counter[str] = Counter()
    for request in requests:
        slate = ask(request)
        plain = neutral(replace(request, state=None, limit=ALL, offers_allowed=True))
        case = [catalogue[item_id] for item_id in request.about if item_id in catalogue]
        wrong = violations(
            _candidates(slate, catalogue, request.about),
            _candidates(plain, catalogue, request.about),
            request,
            case=case,
            catalogue=catalogue,
        )
        wrong += [
            f"{one.item_id} has another price" for one in slate.suggestions if one.price != catalogue[one.item_id].price
        ]
        turns, shown, crossed = turns + 1, shown + len(slate.suggestions), crossed + len(wrong)
        distressed += is_distressed(request.state)
        rules.update({one.rule for one in slate.explanations if one.rule})
        examples += [f"turn {request.seed}: {one}" for one in wrong][: 5 - len(examples)]
    return TurnsReport(turns, shown, distressed, crossed, tuple(examples), rules)


def _candidates(slate: Slate, catalogue: dict[str, Item], about: Sequence[str]) -> list[Candidate]:
    return [
        Candidate(catalogue[one.item_id], one.score, bond=_bond(catalogue[one.item_id], about))
        for one in slate.suggestions
    ]


def _bond(item: Item, about: Sequence[str]) -> Relation | None:
    return next((relation for relation in item.relations if relation.target_id in about), None)
