"""`attune recommend evaluate` and `train`: one JSON object, and a message for every mistake."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from cli.opened import opened_database
from cli.recommend import app
from recommender.evaluation.comparing import remake
from recommender.evaluation.metrics import ndcg
from recommender.evaluation.models import Material, best_lists, chosen_by, hits_of, people_of
from recommender.evaluation.reading import read_items, read_ratings
from recommender.evaluation.splits import Split, measured_acts
from recommender.learning import Content, TasteModel, TasteSettings
from shop import generate_catalogue
from store import StoreSettings
from vocabulary import Interaction, InteractionKind


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    lines = result.stdout.splitlines()
    assert len(lines) == 1, result.output
    return result.exit_code, json.loads(lines[0])


@pytest.fixture
def log(tmp_path: Path) -> Path:
    drawn = np.random.default_rng(0)
    lines = ["user,item,rating,time"]
    for person in range(40):
        for place, item in enumerate(drawn.choice(15, 8, replace=False) + 15 * (person % 2)):
            lines.append(f"u{person},i{item},{drawn.integers(1, 6)},{place}")
    path = tmp_path / "log.csv"
    path.write_text("\n".join([*lines, "u1,,3,4"]))
    return path


def test_the_models_asked_for_are_compared_on_the_split_asked_for(log: Path, tmp_path: Path) -> None:
    picture = tmp_path / "figures.svg"
    status, report = run(
        *("evaluate", "--interactions", str(log), "--split", "random", "--plot", str(picture)),
        *("--model", "popular", "--model", "item-knn", "--no-cold"),
    )
    assert status == 0
    assert (report["split"], report["protocol"], report["rejected_lines"]) == ("random", "all", 1)
    assert list(report["models"]) == ["popular", "item-knn"]
    assert report["models"]["item-knn"]["ndcg@10"] > report["models"]["popular"]["ndcg@10"]
    assert picture.read_text().startswith("<?xml")


def test_without_json_the_figures_stand_in_a_table(log: Path) -> None:
    result = CliRunner().invoke(app, ["evaluate", "--interactions", str(log), "--model", "popular", "--no-cold"])
    assert result.exit_code == 0
    assert "split time, protocol all, 40 people" in result.stdout
    assert "ndcg@10" in result.stdout and "popular" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], "usage", "--interactions"),
        (["--split", "tomorrow"], "usage", "time, random, loo"),
        (["--model", "magic"], "usage", "hybrid"),
        (["--items", "nowhere.csv"], "", "nowhere.csv"),
        (["--protocol", "rated", "--model", "popular", "--plot", "figures.doc"], "evaluation_invalid", "svg"),
    ],
)
def test_a_mistake_is_named(log: Path, arguments: list[str], code: str, words: str) -> None:
    given = ["--interactions", str(log), *arguments] if arguments else []
    status, answer = run("evaluate", *given)
    assert status != 0
    assert words in answer["error"]["message"]
    assert code in answer["error"]["code"]


def test_training_learns_from_what_the_shop_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    settings = StoreSettings()
    items = generate_catalogue()[:20]
    now = datetime.now(UTC)

    async def fill() -> None:
        async with opened_database(settings) as db, db.transaction() as tx:
            await tx.catalogue.replace_all(items)
            done = [Interaction(f"v{n}", items[n % 5].id, InteractionKind.VIEW, now) for n in range(30)]
            await tx.interactions.add(done, "storefront")

    asyncio.run(fill())
    status, report = run("train")
    assert status == 0
    assert (report["interactions"], report["items"]) == (30, 20)
    model = TasteModel.load(settings.learned_dir / "taste.npz")
    assert model.popularity([items[0].id, items[19].id]).tolist() == [1.0, 0.0]


def test_a_shop_where_nothing_was_done_gets_no_model_and_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ATTUNE_HOME", str(tmp_path))
    status, report = run("train")
    assert status == 0
    assert "nothing to learn from yet" in report["note"]
    assert not (StoreSettings().learned_dir / "taste.npz").exists()


@pytest.mark.shared
def test_on_movielens_the_hybrid_finds_what_people_saw_next(shared_data: Path) -> None:
    """With settings that the command chose on validation; the whole measurement is the command's own."""
    folder = shared_data / "interactions" / "ml-100k"
    ratings = read_ratings(folder / "u.data")
    assert (ratings.log.n_people, ratings.log.n_items, len(ratings.values)) == (943, 1682, 100_000)
    items = read_items(folder / "u.item", ratings.item_ids)
    held = measured_acts(ratings.log, Split.TIME)
    train, test = ratings.log.only(~held), ratings.log.only(held)
    content = Content.of(items)
    material = Material(train, content, content.features(items), [])
    settings = TasteSettings(regularisation=300.0, near_acts=30.0, blend={"ease.recent": 0.5, "next.recent": 1.0})
    model = remake(train, material, items, settings)
    people = people_of(test)
    hits = hits_of(best_lists(model, train, people), test, people)
    assert ndcg(hits, chosen_by(test)[people]).mean() >= 0.25
