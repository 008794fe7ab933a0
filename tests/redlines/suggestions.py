"""Hostile lists: any prices, currencies, relations, scores and states, under any rules that the file may hold."""

from decimal import Decimal

from hypothesis import strategies as st

from recommender.ranking import Order, PriceBound, Rule, Rules
from recommender.slate import Candidate, Factor, FactorKind, Request
from vocabulary import CustomerState, Item, Relation, RelationKind, StateName

KINDS = st.sampled_from(RelationKind)
PRICES = (
    st.none() | st.sampled_from([Decimal(n) for n in (0, 1, 5, 5, 10, 20, 40, 90)]) | st.decimals(0, 10**9, places=2)
)
CASE = ("case-0", "case-1")


@st.composite
def things(draw: st.DrawFn, item_id: str) -> Item:
    relations = draw(st.lists(st.builds(Relation, KINDS, st.sampled_from([*CASE, "i0", "i1"])), max_size=2))
    return Item(
        id=item_id,
        title=f"Thing {item_id}",
        description="",
        category=draw(st.sampled_from(["Kettles", "Parts"])),
        price=draw(PRICES),
        stock=draw(st.none() | st.integers(1, 9)),
        attributes=draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "model": st.sampled_from("abc"),
                    "guarantee": st.just("2 years"),
                    "type": st.sampled_from(["kettle", "seal"]),
                },
            )
        ),
        relations=tuple(relations),
        currency=draw(st.sampled_from(["EUR", "EUR", "EUR", "USD"])),
    )


@st.composite
def candidates(draw: st.DrawFn, case: int) -> list[Candidate]:
    found = []
    for number in range(draw(st.integers(0, 8))):
        item = draw(things(f"i{number}"))
        bond = next((one for one in item.relations if one.target_id in CASE[:case]), None)
        relevance = draw(st.floats(0, 2))
        found.append(
            Candidate(
                item,
                relevance,
                affinity=draw(st.sampled_from([0.0, 0.0, 0.3, 1.0])),
                popularity=draw(st.sampled_from([0.0, 0.5, 1.0])),
                bond=bond,
                factors=(Factor(FactorKind.MEANING, relevance),),
            )
        )
    return found


states = st.builds(
    CustomerState,
    frustration=st.sampled_from([0.0, 20.0, 35.0, 54.9, 55.0, 100.0]) | st.floats(0, 100),
    trend=st.just(0.0),
    name=st.sampled_from(StateName),
    confidence=st.floats(0, 1),
    turns=st.just(1),
)
points = st.dictionaries(KINDS, st.floats(0, 2), max_size=4)
kinds = st.frozensets(KINDS, max_size=3)
rule = st.builds(
    Rule,
    name=st.just("any"),
    words=st.just("any"),
    states=st.frozensets(st.sampled_from(StateName)),
    frustration_from=st.none() | st.floats(0, 100),
    case=st.none() | st.booleans(),
    first=points,
    facts=st.dictionaries(st.sampled_from(["guarantee", "type: seal"]), st.floats(0, 2)),
    cheap=st.floats(0, 2),
    only=kinds,
    leave_out=kinds,
    at_most=st.none() | st.integers(1, 5),
    no_dearer_than=st.none() | st.sampled_from(PriceBound),
    direct=st.booleans(),
    variants=st.booleans(),
)
orders = st.builds(
    Order,
    taste=st.floats(0, 1),
    liked=st.floats(0, 0.2),
    popular=st.floats(0, 0.5),
    novelty=st.floats(0, 0.5),
    variety=st.floats(0, 1),
    close=st.floats(0, 1),
    one_per_model=st.booleans(),
)
rule_files = st.builds(Rules, order=orders, states=st.lists(rule, max_size=4).map(tuple))


@st.composite
def moments(draw: st.DrawFn) -> tuple[list[Candidate], Request, list[Item], Rules]:
    """What is found, what is asked, the items of the case, the rules."""
    case = [draw(things(item_id)) for item_id in CASE[: draw(st.integers(0, 2))]]
    request = Request(
        query="anything",
        limit=draw(st.integers(-1, 12)),
        state=draw(st.none() | states),
        offers_allowed=draw(st.sampled_from([True, True, True, False])),
        about=tuple(item.id for item in case),
        liked=draw(st.sampled_from([(), ("Parts",)])),
    )
    return draw(candidates(len(case))), request, case, draw(rule_files)
