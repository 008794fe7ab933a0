"""Logs as files: what is taken, what is left out and told of."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.errors import EvaluationError
from recommender.evaluation.reading import read_items, read_ratings


def written(tmp_path: Path, body: str | bytes, name: str = "log.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


def test_four_bare_columns_are_user_item_rating_time(tmp_path: Path) -> None:
    ratings = read_ratings(written(tmp_path, "1\t10\t4\t100\n1\t11\t2\t90\n2\t10\t5\t80\n"))
    assert ratings.item_ids == ("10", "11")
    assert ratings.log.people.tolist() == [0, 0, 1]
    assert ratings.log.times.tolist() == [100, 90, 80]
    assert ratings.values.tolist() == [4, 2, 5]
    assert ratings.log.weights.tolist() == pytest.approx([1.1, 0.7, 1.3])


@pytest.mark.parametrize(
    "body",
    [
        "User ID,Product_ID,Stars,Timestamp\na,x,4,2026-01-01\na,y,2,2026-01-02T10:00:00\n",
        "timestamp;rating;item;customer\n1767225600000;4;x;a\n1767348000;2;y;a\n",
        b"\xef\xbb\xbfuser|item|score|date\na|x|4|2026-01-01\na|y|2|2026-01-02T10:00:00+00:00\n",
    ],
)
def test_columns_are_found_by_their_names(tmp_path: Path, body: str | bytes) -> None:
    ratings = read_ratings(written(tmp_path, body))
    assert ratings.item_ids == ("x", "y")
    assert ratings.values.tolist() == [4, 2]
    assert ratings.log.times[0] == 1767225600


def test_without_ratings_and_times_the_order_of_the_file_is_kept(tmp_path: Path) -> None:
    ratings = read_ratings(written(tmp_path, "user,item\na,x\na,y\nb,x\n"))
    assert not ratings.has_ratings
    assert ratings.log.weights.tolist() == [1, 1, 1]
    assert ratings.log.in_order().tolist() == [0, 1, 2]


def test_the_last_act_of_a_pair_counts(tmp_path: Path) -> None:
    ratings = read_ratings(written(tmp_path, "user,item,rating,time\na,x,5,20\na,x,1,30\na,x,3,10\na,y,3,1\n"))
    assert ratings.values.tolist() == [1, 3]


def test_bad_lines_are_left_out_with_line_and_reason(tmp_path: Path) -> None:
    body = "user,item,rating,time\na,x,5,1\na,,5,2\na,y,many,3\na,y,nan,3\nb,x,4,soon\nb\nb,x,4,7\n"
    ratings = read_ratings(written(tmp_path, body))
    assert len(ratings.values) == 2
    assert ratings.n_rejected == 5
    assert ratings.rejected[0] == "line 3: no item"
    assert "line 4: rating 'many' is no number" in ratings.rejected
    assert any("line 6" in line and "ISO" in line for line in ratings.rejected)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", "no columns"),
        ("only words\n", "no columns"),
        ("name,colour\na,b\n", "user and item"),
        ("user,item\n,\n", "no line"),
        (b"\x00\x01\x02,\xff\xfe", "column"),
    ],
)
def test_a_file_that_is_no_log_is_refused_in_words(tmp_path: Path, body: str | bytes, words: str) -> None:
    with pytest.raises(EvaluationError, match=words):
        read_ratings(written(tmp_path, body))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_never_crash(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.mktemp("logs") / "log.csv"
    path.write_bytes(body)
    try:
        ratings = read_ratings(path)
    except EvaluationError:
        return
    assert np.isfinite(ratings.log.times).all() and len(ratings.item_ids) > 0


def test_films_have_genres_and_years_and_unknown_ids_nothing(tmp_path: Path) -> None:
    flags = "0|1" + "|0" * 17
    path = written(tmp_path, f"7|Toy (1995)|01-Jan-1995||http://x|{flags}\n", "u.item")
    film, unknown = read_items(path, ["7", "8"])
    assert film.title == "Toy"
    assert film.attributes == {"genre 1": "yes", "year": "1995", "decade": "1990"}
    assert unknown.id == "8" and not unknown.attributes
