"""What a taste model says, on a shop whose people are easy to understand."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.learning import TasteModel, TasteSettings
from tests.recommender.learning.world import NOW, act, history, life, shop, thing
from vocabulary import Interaction, InteractionKind

SET = TasteSettings(ease_items=100)


@pytest.fixture(scope="module")
def model() -> TasteModel:
    return TasteModel.fit(life(), shop(), now=NOW, settings=SET)


def test_who_looks_at_kettles_is_nearest_to_kettles(model: TasteModel) -> None:
    nearest = model.nearest(history("kettle-1", "kettle-2"), 5, NOW)

    assert [item_id.split("-")[0] for item_id, _ in nearest] == ["kettle"] * 5
    assert "kettle-1" not in dict(nearest)
    assert [score for _, score in nearest] == sorted((score for _, score in nearest), reverse=True)


def test_affinity_lies_between_zero_and_one_and_follows_the_order_asked(model: TasteModel) -> None:
    ids = ["toy-3", "kettle-5", "nowhere", "toy-3"]
    said = model.affinity(history("kettle-1", "kettle-2", "kettle-3"), ids, NOW)

    assert said.dtype == np.float32 and said.shape == (4,)
    assert ((said >= 0) & (said <= 1)).all()
    assert said[1] > said[0] == said[3]
    assert said[2] == 0


def test_nobody_without_a_history_gets_an_affinity(model: TasteModel) -> None:
    assert not model.affinity([], ["kettle-1"], NOW).any()
    assert model.nearest([], 5, NOW) == []
    assert model.causes([], "kettle-1") == []


def test_a_longer_history_is_believed_more(model: TasteModel) -> None:
    short, long = history("kettle-1"), history("kettle-3", "kettle-2", "kettle-4", "kettle-1")
    assert model.nearest(short, 1, NOW)[0][1] < model.nearest(long, 1, NOW)[0][1]


def test_what_was_turned_away_is_never_near_again(model: TasteModel) -> None:
    done = list(history("kettle-1", "kettle-2"))
    best = model.nearest(done, 1, NOW)[0][0]
    done.append(act("me", best, InteractionKind.NOT_FOR_ME, days_ago=400))
    done += [act("me", best, InteractionKind.PURCHASE, days_ago=0)] * 2

    assert best not in dict(model.nearest(done, 100, NOW))
    assert model.affinity(done, [best], NOW)[0] == 0


def test_the_newest_acts_count_most(model: TasteModel) -> None:
    toys = ("toy-1", "toy-2", "toy-3", "toy-4")
    kettles = ("kettle-1", "kettle-2", "kettle-3", "kettle-4")
    lately_kettles = [act("me", one, days_ago=400) for one in toys] + [act("me", one) for one in kettles]

    assert model.nearest(lately_kettles, 1, NOW)[0][0].startswith("kettle")


def test_causes_are_the_acts_that_speak_for_an_item_and_sum_to_one(model: TasteModel) -> None:
    causes = model.causes(history("toy-1", "kettle-1", "kettle-2"), "kettle-7", NOW)

    assert causes[0][0].startswith("kettle")
    assert sum(share for _, share in causes) == pytest.approx(1.0)


def test_taking_the_strongest_cause_away_lowers_the_score(model: TasteModel) -> None:
    done = list(history("toy-1", "kettle-1", "kettle-2", "lamp-3"))
    item_id = model.nearest(done, 1, NOW)[0][0]
    cause = model.causes(done, item_id, NOW)[0][0]
    without = [one for one in done if one.item_id != cause]

    def share(of: list[Interaction]) -> float:
        said = model.affinity(of, [item_id, "toy-2", "toy-5", "lamp-1", "lamp-2"], NOW)
        return float(said[0] / said.sum())

    assert share(without) < share(done)


def test_popular_is_what_many_chose_lately() -> None:
    done = [act(f"p{n}", "kettle-1", days_ago=900) for n in range(9)] + [act(f"q{n}", "toy-1") for n in range(5)]
    popular = TasteModel.fit(done, shop(), now=NOW, settings=SET).popularity(["toy-1", "kettle-1", "lamp-1", "gone"])

    assert popular[0] == 1.0
    assert 0 < popular[1] < 0.1
    assert popular[2] == popular[3] == 0


def test_a_shop_without_any_behaviour_goes_by_content() -> None:
    model = TasteModel.fit([], shop(), now=NOW)

    assert model.nearest(history("lamp-1"), 1, NOW)[0][0].startswith("lamp")
    assert not model.popularity(["lamp-1"]).any()


def test_an_empty_shop_has_an_empty_model() -> None:
    model = TasteModel.fit([act("a", "x")], [], now=NOW)
    assert model.affinity([act("a", "x")], ["x"], NOW).tolist() == [0.0]
    assert model.nearest([act("a", "x")], 3, NOW) == []


def test_the_same_acts_give_the_same_model_to_the_last_byte(tmp_path: Path) -> None:
    for name in ("one", "two"):
        TasteModel.fit(life(), shop(), now=NOW).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_without_a_person_it_is_the_model_of_a_shop_that_never_knew_them(tmp_path: Path) -> None:
    others = life(people=110, seed=5)
    person = [act("erased", f"toy-{n}", InteractionKind.PURCHASE) for n in range(6)]
    TasteModel.fit(others, shop(), now=NOW).save(tmp_path / "never")
    TasteModel.fit([*others[:200], *person, *others[200:]], shop(), now=NOW).save(tmp_path / "known")
    erased = [one for one in [*others[:200], *person, *others[200:]] if one.subject != "erased"]
    TasteModel.fit(erased, shop(), now=NOW).save(tmp_path / "erased")

    assert (tmp_path / "erased").read_bytes() == (tmp_path / "never").read_bytes()
    assert (tmp_path / "known").read_bytes() != (tmp_path / "never").read_bytes()


def test_no_name_of_a_person_is_in_the_file(tmp_path: Path) -> None:
    done = [Interaction(f"pseudonym-{one.subject}", one.item_id, one.kind, one.at) for one in life()]
    TasteModel.fit(done, shop(), now=NOW, settings=SET).save(tmp_path / "taste.npz")
    assert b"pseudonym" not in (tmp_path / "taste.npz").read_bytes()


def test_new_acts_are_seen_at_once_and_leave_the_first_model_alone(model: TasteModel) -> None:
    before = model.popularity(["lamp-9"])[0]
    new = [act(f"n{n}", item_id, days_ago=0) for n in range(30) for item_id in ("lamp-9", "toy-9")]
    after = model.learn(new)

    assert after.popularity(["lamp-9"])[0] > before == model.popularity(["lamp-9"])[0]
    lamp = dict(after.nearest(history("lamp-9"), 50, NOW))
    assert lamp["toy-9"] > dict(model.nearest(history("lamp-9"), 50, NOW)).get("toy-9", 0.0)


def test_what_was_counted_before_is_not_counted_again(model: TasteModel) -> None:
    done = life()[:50]
    again = model.learn(done, earlier=done)
    assert again.popularity(["kettle-1", "toy-2"]).tolist() == model.popularity(["kettle-1", "toy-2"]).tolist()


def test_a_new_item_is_near_to_those_like_it_before_anybody_chose_it(model: TasteModel) -> None:
    grown = model.know([thing(99, "kettle")])

    assert model.affinity(history("kettle-1"), ["kettle-99"], NOW)[0] == 0
    said = grown.affinity(history("kettle-1", "kettle-2"), ["kettle-99", "toy-1"], NOW)
    assert said[0] > said[1]
    assert grown.affinity(history("kettle-99"), ["kettle-3"], NOW)[0] > 0


def test_settings_are_chosen_only_with_enough_people() -> None:
    few = TasteModel.fit(life(people=20), shop(), now=NOW)
    many = TasteModel.fit(life(people=120), shop(), now=NOW)
    assert few.settings == TasteSettings()
    assert many.settings != TasteSettings()


acts = st.builds(
    Interaction,
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from([item.id for item in shop(3)] + ["unknown"]),
    st.sampled_from(list(InteractionKind)),
    st.integers(-10_000, 10_000).map(lambda hours: NOW + timedelta(hours=hours)),
    st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True)),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(acts, max_size=30), st.lists(acts, max_size=30))
def test_whatever_people_did_the_answer_is_a_number_between_zero_and_one(
    done: list[Interaction], mine: list[Interaction]
) -> None:
    model = TasteModel.fit(done, shop(3), now=NOW, settings=SET)
    ids = [item.id for item in shop(3)]
    said = model.affinity(mine, ids, NOW)
    assert np.isfinite(said).all() and ((said >= 0) & (said <= 1)).all()
    refused = {one.item_id for one in mine if one.kind is InteractionKind.NOT_FOR_ME}
    assert not refused & {item_id for item_id, _ in model.nearest(mine, 50, NOW)}


def test_a_process_that_suggests_loads_no_training_library(encoder_dir: Path, tmp_path: Path) -> None:
    TasteModel.fit(life(), shop(), now=NOW, settings=SET).save(tmp_path / "taste.npz")
    code = f"""
import sys
from pathlib import Path
from recommender import OnnxEncoder, Recommender, Request, TasteModel
from tests.recommender.learning.world import NOW, history, shop
from tests.test_layers import HEAVY
taste = TasteModel.load(Path({str(tmp_path / "taste.npz")!r}))
encoder = OnnxEncoder(Path({str(encoder_dir)!r}))
opened = Recommender.open(Path({str(tmp_path / "index")!r}), encoder, items=shop(), taste=taste)
said = opened.recommend(Request("a blue kettle", history=history("kettle-1", "kettle-2"), at=NOW))
print(len(said.suggestions), sorted((HEAVY | {{"scipy.linalg"}}) & set(sys.modules)))
"""
    root = Path(__file__).parents[3]
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert told.stdout.split(maxsplit=1) == ["3", "[]\n"]
