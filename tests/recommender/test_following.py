"""A recommender that follows its catalogue, its rules and what was learned."""

import asyncio
import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from recommender import TASTE_FILE, FactorKind, Following, Recommender, Request, TasteModel
from recommender import following as module
from tests.recommender.fakes import WordEncoder, item, small_shop
from vocabulary import CatalogueChanges, Interaction, InteractionKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)
RULES = Path(__file__).parents[2] / "data" / "suggestions.toml"


class Catalogue:
    """A catalogue that notes how it was asked."""

    def __init__(self) -> None:
        self.changes = [CatalogueChanges(1, tuple(small_shop()), whole=True)]
        self.asked: list[int] = []

    async def __call__(self, since: int) -> CatalogueChanges:
        self.asked.append(since)
        last = self.changes[-1]
        return CatalogueChanges(last.version, ()) if since == last.version else last


def acts(*seen: str) -> list[Interaction]:
    return [
        Interaction(f"p{person}", item_id, InteractionKind.PURCHASE, NOW - timedelta(days=person))
        for person in range(8)
        for item_id in seen
    ]


async def test_it_reads_only_what_is_new(tmp_path: Path) -> None:
    catalogue = Catalogue()
    following = Following(Recommender.open(tmp_path, WordEncoder()), catalogue)
    for _ in range(3):
        await following.catch_up()
    assert catalogue.asked == [0, 1, 1]
    catalogue.changes.append(CatalogueChanges(2, (item("new", "New kettle", "9.00", type="kettle"),)))
    await following.catch_up()
    assert following.recommender.item("new") is not None and following.recommender.version == 2


async def test_many_new_texts_do_not_hold_up_an_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "AT_ONCE", 2)
    catalogue = Catalogue()
    following = Following(Recommender.open(tmp_path, WordEncoder()), catalogue)
    await following.catch_up()
    new = tuple(item(f"n{n}", f"New kettle {n}", "9.00", type="kettle") for n in range(30))
    catalogue.changes.append(CatalogueChanges(2, new, removed=("filter",)))
    await following.catch_up()
    assert following.recommender.item("filter") is None, "what is gone is gone at once"
    for _ in range(200):
        if following.recommender.version == 2:
            break
        await asyncio.sleep(0.01)
    assert following.recommender.item("n29") is not None


async def test_what_was_learned_is_used_while_its_file_is_there(tmp_path: Path) -> None:
    catalogue = Catalogue()
    following = Following(Recommender.open(tmp_path / "index", WordEncoder()), catalogue, learned_dir=tmp_path)
    await following.catch_up()
    history = [Interaction("me", "kettle-quiet", InteractionKind.PURCHASE, NOW)]
    asked = Request("what do you recommend?", history=history, at=NOW)
    assert following.recommender.recommend(asked).suggestions == ()
    TasteModel.fit(acts("kettle-quiet", "tea-set"), small_shop(), now=NOW).save(tmp_path / TASTE_FILE)
    await following.catch_up()
    slate = following.recommender.recommend(asked)
    assert slate.suggestions[0].item_id == "tea-set"
    causes = [one for one in slate.explanations[0].factors if one.kind is FactorKind.BEHAVIOUR]
    assert causes[0].details == {"because": "kettle-quiet"}
    assert slate.suggestions[0].reason.startswith("Chosen by people who also looked at the Quiet kettle")
    alike = next(one for one in slate.suggestions if one.item_id == "kettle-quiet-red")
    assert alike.reason.startswith("Similar to the Quiet kettle, which you have looked at")
    (tmp_path / TASTE_FILE).unlink()
    await following.catch_up()
    assert following.recommender.recommend(asked).suggestions == ()


async def test_a_damaged_model_is_left_out_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    following = Following(Recommender.open(tmp_path / "index", WordEncoder()), Catalogue(), learned_dir=tmp_path)
    (tmp_path / TASTE_FILE).write_bytes(b"no model")
    with caplog.at_level(logging.ERROR):
        await following.catch_up()
    assert "is left out" in caplog.text
    assert following.recommender.recommend(Request("plain kettle")).suggestions


async def test_rules_are_read_again_and_broken_ones_change_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rules = tmp_path / "rules.toml"
    shutil.copy(RULES, rules)
    following = Following(Recommender.open(tmp_path / "index", WordEncoder()), Catalogue(), rules_file=rules)
    await following.catch_up()
    rules.write_text(rules.read_text().replace("variety = ", "variety = 0.9 # "))
    await following.catch_up()
    assert following.recommender.rules.order.variety == 0.9
    rules.write_text("[order]\ntaste = 'much'")
    with caplog.at_level(logging.ERROR):
        await following.catch_up()
    assert "the ones of before stay" in caplog.text
    assert following.recommender.rules.order.variety == 0.9


async def test_a_full_disk_is_told_and_what_is_held_goes_on_answering(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = Catalogue()
    following = Following(Recommender.open(tmp_path, WordEncoder()), catalogue)
    await following.catch_up()
    catalogue.changes.append(CatalogueChanges(2, (item("new", "New kettle", "9.00", type="kettle"),)))
    with monkeypatch.context() as patch, caplog.at_level(logging.ERROR):

        def full(_changes: CatalogueChanges) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr(following.recommender, "update", full)
        await following.catch_up()
    assert "cannot be kept" in caplog.text
    assert following.recommender.recommend(Request("plain kettle")).suggestions
    await following.catch_up()
    assert following.recommender.item("new") is not None


async def test_an_item_that_came_after_the_learning_is_known_by_its_content(tmp_path: Path) -> None:
    catalogue = Catalogue()
    following = Following(Recommender.open(tmp_path / "index", WordEncoder()), catalogue, learned_dir=tmp_path)
    TasteModel.fit(acts("kettle-quiet", "tea-set"), small_shop(), now=NOW).save(tmp_path / TASTE_FILE)
    await following.catch_up()
    catalogue.changes.append(CatalogueChanges(2, (item("new", "New kettle", "9.00", type="kettle"),)))
    await following.catch_up()
    taste = following.recommender._personal.taste
    assert taste is not None and "new" in taste.ids
    again = Following(Recommender.open(tmp_path / "other", WordEncoder()), catalogue, learned_dir=tmp_path)
    catalogue.changes.append(CatalogueChanges(3, (*small_shop(), item("late", "Late kettle", "9.00")), whole=True))
    await again.catch_up()
    taste = again.recommender._personal.taste
    assert taste is not None and "late" in taste.ids, "also where the model was read after the item came"
