"""Corpora in their published layouts: what is read, what is left out, and that nothing is dropped in silence."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from emotion.errors import EvaluationError
from emotion.evaluation import corpora
from emotion.evaluation.corpora import Kind
from tests.emotion.evaluation import layouts

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"


def test_emodb_s_names_say_speaker_sex_and_emotion(tmp_path: Path) -> None:
    listing = corpora.emodb(layouts.emodb(tmp_path))
    assert listing.kind is Kind.SOUND
    assert Counter(item.truth for item in listing.items) == {"anger": 6, "neutral": 6, "sadness": 6}
    first = listing.items[0]
    assert (first.path.name, first.speaker, first.groups) == ("03a01Na.wav", "03", {"sex": "male"})
    assert {item.groups["sex"] for item in listing.items if item.speaker in ("08", "09")} == {"female"}


@pytest.mark.parametrize("flat", [True, False])
def test_ravdess_is_read_flat_and_in_actors_folders(tmp_path: Path, flat: bool) -> None:
    listing = corpora.ravdess(layouts.ravdess(tmp_path, flat=flat))
    classes = ["neutral", "calm", "happiness", "sadness", "anger", "fear", "disgust", "surprise"]
    assert [item.truth for item in listing.items if item.speaker == "01"] == classes
    assert {item.groups["sex"] for item in listing.items if item.speaker == "02"} == {"female"}
    assert len(listing.skipped) == 0


def test_ravdess_s_songs_videos_and_strange_names_are_counted_and_named(tmp_path: Path) -> None:
    layouts.ravdess(tmp_path, actors=("01",), ending="wav")
    for name in (
        "03-02-05-01-01-01-01.wav",
        "02-01-05-01-01-01-01.mp4",
        "01-01-05-01-01-01-01.mp4",
        "03-01-09-01-01-01-01.wav",
        "copy of 03-01-05-01-01-01-01.wav",
        "03-01-05.wav",
        ".hidden.wav",
        "README.md",
    ):
        (tmp_path / name).write_bytes(b"x")
    listing = corpora.ravdess(tmp_path)
    assert len(listing.items) == 8
    assert listing.skipped.to_dict() == {
        "emotion 09 is not one of 01 to 08": {"count": 1, "files": ["03-01-09-01-01-01-01.wav"]},
        "name is not like 03-01-05-01-02-01-12": {
            "count": 2,
            "files": ["03-01-05.wav", "copy of 03-01-05-01-01-01-01.wav"],
        },
        "song": {"count": 1, "files": ["03-02-05-01-01-01-01.wav"]},
        "video": {"count": 2, "files": ["01-01-05-01-01-01-01.mp4", "02-01-05-01-01-01-01.mp4"]},
    }


def test_crema_d_takes_the_sex_from_the_corpus_s_own_table(tmp_path: Path) -> None:
    (tmp_path / "VideoDemographics.csv").write_text("ActorID,Age,Sex\n1001,51,Male\n1002,21,Female\n")
    listing = corpora.crema_d(layouts.crema_d(tmp_path / "AudioWAV"))
    assert Counter(item.truth for item in listing.items)["anger"] == 2
    assert {(item.speaker, item.groups["sex"]) for item in listing.items} == {("1001", "male"), ("1002", "female")}


def test_crema_d_without_the_table_has_no_sex(tmp_path: Path) -> None:
    assert "sex" not in corpora.crema_d(layouts.crema_d(tmp_path)).items[0].groups


def test_folder_of_labels_takes_one_kind_and_knows_other_words(tmp_path: Path) -> None:
    for label in ("angry", "Neutral", "bored"):
        (tmp_path / label).mkdir()
        (tmp_path / label / "a.txt").write_text("words")
    listing = corpora.folder_corpus(tmp_path)
    assert listing.kind is Kind.TEXT
    assert sorted(item.truth for item in listing.items) == ["anger", "bored", "neutral"]
    assert {item.speaker for item in listing.items} == {None}


def test_folder_knows_speakers_where_every_file_names_one(tmp_path: Path) -> None:
    for label in ("anger", "neutral"):
        layouts.sound(tmp_path / label / "anna-1.wav")
    assert {item.speaker for item in corpora.folder_corpus(tmp_path).items} == {"anna"}
    layouts.sound(tmp_path / "anger" / "2.wav")
    assert {item.speaker for item in corpora.folder_corpus(tmp_path).items} == {None}


def test_folder_that_mixes_kinds_is_refused(tmp_path: Path) -> None:
    layouts.sound(tmp_path / "anger" / "a.wav")
    (tmp_path / "anger" / "a.txt").write_text("words")
    with pytest.raises(EvaluationError, match="mixes 1 × sound, 1 × text"):
        corpora.folder_corpus(tmp_path)


def test_fer2013_as_numbers_as_names_and_as_folders(tmp_path: Path) -> None:
    numbers = corpora.fer2013(layouts.faces(tmp_path / "numbers.npz", per_class=1))
    assert isinstance(numbers, corpora.Faces)
    assert numbers.truth == ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
    np.savez(tmp_path / "names.npz", images=np.zeros((2, 48, 48), np.uint8), labels=np.array(["angry", "happiness"]))
    names = corpora.fer2013(tmp_path / "names.npz")
    assert isinstance(names, corpora.Faces)
    assert names.truth == ("anger", "happiness")
    (tmp_path / "classes" / "surprise").mkdir(parents=True)
    (tmp_path / "classes" / "surprise" / "1.png").write_bytes(b"x")
    folders = corpora.fer2013(tmp_path / "classes")
    assert isinstance(folders, corpora.Listing)
    assert [item.truth for item in folders.items] == ["surprise"]


@pytest.mark.parametrize("read", [corpora.emodb, corpora.ravdess, corpora.crema_d, corpora.folder_corpus])
def test_empty_missing_and_foreign_folders_say_what_is_expected(
    tmp_path: Path, read: Callable[[Path], corpora.Listing]
) -> None:
    with pytest.raises(EvaluationError, match=r"the folder is empty.*expected"):
        read(tmp_path)
    with pytest.raises(EvaluationError, match="is not a folder"):
        read(tmp_path / "nowhere")
    (tmp_path / "holiday.wav").write_bytes(b"x")
    with pytest.raises(EvaluationError, match=r"holiday\.wav.*expected"):
        read(tmp_path)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"images": np.zeros((1, 4, 4), np.uint8)}, "KeyError"),
        ({"images": np.zeros((1, 4, 4), np.float32), "labels": np.zeros(1, int)}, "type float32"),
        ({"images": np.zeros((2, 4, 4), np.uint8), "labels": np.zeros(1, int)}, r"labels of shape \(1,\)"),
        ({"images": np.zeros((1, 4, 4), np.uint8), "labels": np.array([9])}, r"labels \[9\]"),
        ({"images": np.zeros((0, 4, 4), np.uint8), "labels": np.zeros(0, int)}, "no image"),
        ({"images": np.array([{}], dtype=object), "labels": np.zeros(1, int)}, "ValueError"),
    ],
)
def test_a_faces_file_of_another_shape_is_refused(tmp_path: Path, arrays: dict[str, np.ndarray], words: str) -> None:
    np.savez(tmp_path / "x.npz", **arrays)
    with pytest.raises(EvaluationError, match=words):
        corpora.fer2013(tmp_path / "x.npz")


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="the data sets are not beside the checkout")
def test_the_real_corpora_are_read_whole() -> None:
    for name, count in (("emodb", 535), ("emodb_full4", 339)):
        listing = corpora.emodb(SHARED / "speech_emotion" / name)
        assert (len(listing.items), len({item.speaker for item in listing.items})) == (count, 10)
        assert len(listing.skipped) == 0
    faces = corpora.fer2013(SHARED / "faces" / "fer2013_train.npz")
    assert isinstance(faces, corpora.Faces) and len(faces.truth) == 28_709


def test_wrong_folder_names_the_commonest_kinds_only(tmp_path: Path) -> None:
    for ending in ("py", "py", "toml", "yml", "css", "js"):
        (tmp_path / f"{len(list(tmp_path.iterdir()))}.{ending}").write_text("x")
    with pytest.raises(EvaluationError, match=r"\(2 × \.py.*and 2 other kinds of files\); expected") as raised:
        corpora.emodb(tmp_path)
    assert str(raised.value).count("e.g.") == 3
