"""All models on one split: what was held out stays out, and the better model has the better figure."""

from pathlib import Path

import numpy as np
import pytest

from recommender.errors import EvaluationError
from recommender.evaluation.comparing import MODELS, compare
from recommender.evaluation.models import BASELINES, Material, best_lists, hits_of, people_of
from recommender.evaluation.pictures import draw
from recommender.evaluation.rated import compare_rated
from recommender.evaluation.reading import Ratings, bare_item, weights_of
from recommender.evaluation.splits import Split, measured_acts, validation_acts
from recommender.learning import Content, Log
from vocabulary import Item


def world(people: int = 60, items: int = 40, acts: int = 14, *, seed: int = 0) -> Ratings:
    """Two camps: each likes its own half of the items, and rates it higher."""
    drawn = np.random.default_rng(seed)
    lines = []
    for person in range(people):
        own = np.arange(items // 2) + (person % 2) * (items // 2)
        chosen = drawn.choice(own, acts - 3, replace=False).tolist() + drawn.choice(items, 3).tolist()
        for place, item in enumerate(dict.fromkeys(drawn.permutation(chosen).tolist())):
            liked = (item < items // 2) == (person % 2 == 0)
            lines.append((person, item, float(drawn.integers(4, 6) if liked else drawn.integers(1, 4)), float(place)))
    table = np.array(lines)
    values = table[:, 2].astype(np.float32)
    log = Log(
        table[:, 0].astype(np.int32), table[:, 1].astype(np.int32), weights_of(values), table[:, 3], people, items
    )
    return Ratings(log, values, tuple(str(n) for n in range(items)), (), 0)


def known(ratings: Ratings) -> list[Item]:
    half = len(ratings.item_ids) // 2
    return [
        Item(
            id=item_id,
            title="",
            description="",
            category="left" if int(item_id) < half else "right",
            price=None,
            stock=None,
            attributes={"shape": str(int(item_id) % 3)},
        )
        for item_id in ratings.item_ids
    ]


@pytest.mark.parametrize("split", list(Split))
def test_what_is_measured_on_is_never_learned_from_nor_chosen_by(split: Split) -> None:
    log = world().log
    held = measured_acts(log, split)
    rest = log.only(~held)
    assert 0 < held.sum() < len(held)
    pairs = set(zip(rest.people.tolist(), rest.items.tolist(), strict=True))
    test = log.only(held)
    assert not pairs & set(zip(test.people.tolist(), test.items.tolist(), strict=True))
    for way in validation_acts(rest, split):
        assert way.shape == (len(rest.people),)
        assert 0 < way.sum() < len(way)


@pytest.mark.parametrize("name", ["popular", "content", "user-knn", "item-knn", "ease", "als"])
def test_every_model_lists_only_what_was_not_chosen_and_beats_chance(name: str) -> None:
    ratings = world()
    held = measured_acts(ratings.log, Split.RANDOM)
    train, test = ratings.log.only(~held), ratings.log.only(held)
    content = Content.of(known(ratings))
    features = content.features(known(ratings))
    fitted = BASELINES[name](Material(train, content, features, validation_acts(train, Split.RANDOM)))
    people = people_of(test)
    lists = best_lists(fitted.model, train, people)
    seen = train.who().toarray() > 0
    assert not any(seen[person, item] for person, line in zip(people, lists, strict=True) for item in line if item >= 0)
    assert all(len(set(line)) == len(line) for line in lists.tolist())
    chance = len(test.people) / len(people) / (ratings.log.n_items - len(train.people) / ratings.log.n_people)
    assert hits_of(lists, test, people).mean() > chance * (0.5 if name == "popular" else 1.3)  # all are as popular here


def test_a_person_is_not_their_own_neighbour() -> None:
    log = world().log
    content = Content.of(known(world()))
    material = Material(log, content, content.features(known(world())), [measured_acts(log, Split.TIME)])
    model = BASELINES["user-knn"](material).model
    said = model.scores(log, np.array([0]))
    alone = log.only(log.people != 0)
    others = BASELINES["user-knn"](
        Material(alone, content, material.features, [measured_acts(alone, Split.TIME)])
    ).model
    assert np.argsort(-said[0])[:5].tolist() == np.argsort(-others.scores(log, np.array([0]))[0])[:5].tolist()


def test_the_report_has_every_model_asked_for_and_shows_what_was_tried(tmp_path: Path) -> None:
    ratings = world(people=150, items=80)
    report = compare(ratings, known(ratings), Split.TIME, only=("popular", "item-knn", "hybrid"))

    assert list(report["models"]) == ["popular", "item-knn", "hybrid"]
    for figures in report["models"].values():
        assert {"ndcg@10", "precision@10", "recall@10", "f1@10", "map@10", "mrr@10", "coverage", "novelty"} <= set(
            figures
        )
        low, high = figures["interval"]["ndcg@10"]
        assert low <= figures["ndcg@10"] <= high
    assert set(report["hybrid_over"]) == {"popular", "item-knn"}
    assert report["hybrid_over"]["popular"]["interval"][0] > 0
    assert {one["setting"] for one in report["chosen"]["hybrid"]["tried"]} >= {"regularisation", "recent_acts"}
    assert set(report["cold_people"]["by_known_acts"]) == {"0", "1", "3", "5", "10"}
    assert report["cold_items"]["precision@10"]["hybrid"] > report["cold_items"]["precision@10"]["random"]
    draw(report, tmp_path / "figures.png")
    assert (tmp_path / "figures.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(EvaluationError, match="svg"):
        draw(report, tmp_path / "figures.doc")


def test_the_same_log_gives_the_same_report() -> None:
    ratings = world(people=40)
    one, two = (compare(ratings, known(ratings), Split.RANDOM, only=("hybrid", "als"), cold=False) for _ in range(2))
    assert one == two


def test_rated_guesses_who_likes_what_and_the_hybrid_weighs_all_guesses() -> None:
    ratings = world(people=80)
    report = compare_rated(ratings, known(ratings), Split.RANDOM)
    figures = report["models"]
    assert list(figures) == list(MODELS)
    assert figures["hybrid"]["f1"] > figures["popular"]["f1"]
    assert figures["hybrid"]["f1"] > report["everything_liked_f1"]
    assert report["source"]["gap"] == pytest.approx(0.82 - figures["hybrid"]["f1"], abs=1e-4)
    assert len(report["chosen"]["hybrid"]["settings"]["weights"]) == 7 + 4


def test_rated_needs_ratings() -> None:
    ratings = world()
    without = Ratings(ratings.log, np.full_like(ratings.values, np.nan), ratings.item_ids, (), 0)
    with pytest.raises(EvaluationError, match="--protocol all"):
        compare_rated(without, [bare_item(one) for one in without.item_ids], Split.TIME)
