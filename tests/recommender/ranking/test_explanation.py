"""Every cause that is named is one: taken away, the place or the score changes."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings

from recommender import Filters, OnnxEncoder, Recommender
from recommender.ranking import Arrangement, Rules, arrange, explain, load_rules
from recommender.slate import Candidate, Factor, FactorKind, Request
from shop import generate_catalogue
from tests.recommender.fakes import item, state
from tests.redlines.suggestions import moments
from vocabulary import RelationKind, StateName

RULES = load_rules(Path(__file__).resolve().parents[3] / "data" / "suggestions.toml")
MOODS = ("frustrat", "stress", "unsure", "calm", "relie", "confident", "upset", "angry", "mood", "feel", "overwhelm")
KETTLE = item("kettle", "Quiet kettle", "40")
NOTHING = Arrangement()


def sentence(*factors: Factor, limits: Filters | None = None) -> str:
    candidate = Candidate(KETTLE, 1.0, factors=factors)
    return explain(candidate, 1, NOTHING, limits=limits, title_of={"case": "Old kettle"}.get)[0]


@pytest.mark.parametrize(
    ("factors", "told"),
    [
        ((), "Comes close to what you describe, from our kettles; in stock."),
        ((Factor(FactorKind.WORDS, 0.5, {"words": "quiet kettle"}),), "Matches “quiet” and “kettle”; in stock."),
        (
            (Factor(FactorKind.WORDS, 0.5, {"words": "quiet"}), Factor(FactorKind.KIND, 0.2, {"kind": "kettle"})),
            "Matches “kettle” and “quiet”; in stock.",
        ),
        (
            (Factor(FactorKind.RELATION, 0.6, {"relation": "replacement_for", "target": "case"}),),
            "A replacement for the Old kettle; in stock.",
        ),
        ((Factor(FactorKind.RELATION, 0.6, {"relation": "nonsense", "target": "case"}),), "Comes close"),
        ((Factor(FactorKind.RELATION, 0.6, {"relation": "replacement_for", "target": "gone"}),), "Comes close"),
        ((Factor(FactorKind.BEHAVIOUR, 0.2, {"because": "case"}),), "also looked at the Old kettle; in stock."),
        ((Factor(FactorKind.TASTE, 0.05, {"category": "Kettles"}),), "From Kettles, which you like; in stock."),
        ((Factor(FactorKind.POPULAR, 0.1),), "Chosen often in this shop; in stock."),
        ((Factor(FactorKind.POPULAR, -0.1),), "Comes close"),
        ((Factor(FactorKind.WORDS, -0.5, {"words": "quiet"}),), "Comes close"),
    ],
)
def test_the_sentence_names_the_strongest_cause(factors: tuple[Factor, ...], told: str) -> None:
    assert told in sentence(*factors)


def test_limits_are_told_in_the_currency_of_the_item() -> None:
    assert "within your limit of 50 EUR" in sentence(limits=Filters(max_price=50))
    assert "between 10 and 49.90 EUR" in sentence(limits=Filters(max_price=Decimal("49.90"), min_price=10))
    assert "above 10 EUR" in sentence(limits=Filters(min_price=10))


@settings(max_examples=60, deadline=None)
@given(moments())
def test_scores_are_the_sums_of_their_factors(moment: tuple[list[Candidate], Request, list[object], Rules]) -> None:
    found, request, case, rules = moment
    for place, one in enumerate(arrange(found, request, rules, case=case).shown, start=1):  # type: ignore[arg-type]
        assert one.score == pytest.approx(sum(factor.weight for factor in one.factors))
        told, explanation = explain(one, place, NOTHING, title_of=lambda item_id: None)
        weights = [abs(factor.weight) for factor in explanation.factors]
        assert weights == sorted(weights, reverse=True) and explanation.place == place
        assert not any(mood in told.lower() for mood in MOODS)


def test_taking_a_cause_away_changes_the_score_or_the_place(encoder_dir: Path, tmp_path: Path) -> None:
    """For real lists of the demo shop: each cause of each item, one at a time; a cause of weight 0 by its rule."""
    recommender = Recommender.open(tmp_path, OnnxEncoder(encoder_dir), items=generate_catalogue(), rules=RULES)
    looked_at = 0
    for name in (None, *StateName):
        for query, about in (("my kettle leaks", ("kettle-bruna-white",)), ("a laptop for school", ())):
            request = Request(query, 5, state=None if name is None else state(20, name), about=about)
            slate = recommender.recommend(request)
            for suggestion, explanation in zip(slate.suggestions, slate.explanations, strict=True):
                assert not any(mood in suggestion.reason.lower() for mood in MOODS)
                total = sum(factor.weight for factor in explanation.factors)
                for factor in explanation.factors:
                    looked_at += 1
                    if factor.weight:
                        assert total - factor.weight != pytest.approx(total)
                        continue
                    without = recommender.recommend(replace(request, state=None))
                    before = [one.item_id for one in without.suggestions]
                    there = explanation.item_id in before
                    assert not there or before.index(explanation.item_id) + 1 > explanation.place
    assert looked_at > 100


def test_a_cause_that_an_order_rests_on_turns_it_round_when_it_goes() -> None:
    case = item("case", "Case", "60")
    part = item("part", "Part", "6", relations=[(RelationKind.SPARE_PART_OF, "case")])
    bond = part.relations[0]
    factors = (Factor(FactorKind.MEANING, 0.53), Factor(FactorKind.RELATION, 0.65, {"relation": bond.kind.value}))
    tied = Candidate(part, 1.18, bond=bond, factors=factors)
    rival = Candidate(item("rival", "Rival", "6"), 1.2, factors=(Factor(FactorKind.MEANING, 1.2),))
    request = Request(limit=2, state=state(20, StateName.FRUSTRATED), about=("case",))

    def first(candidate: Candidate, rules: Rules) -> str:
        return arrange([candidate, rival], request, rules, case=[case]).shown[0].item.id

    assert first(tied, RULES) == "part"
    assert first(tied, replace(RULES, states=())) == "rival", "without the rule"
    assert first(replace(tied, relevance=0.53, factors=factors[:1]), RULES) == "rival", "without the relation"
