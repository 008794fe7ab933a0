"""The file of a taste model: whole or refused."""

import json
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import LearningError
from recommender.learning import TasteModel, TasteSettings
from tests.recommender.learning.world import NOW, history, life, shop


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "learned" / "taste.npz"
    TasteModel.fit(life(people=30), shop(), now=NOW, settings=TasteSettings()).save(path)
    return path


def test_a_model_comes_back_as_it_was(saved: Path) -> None:
    model, again = TasteModel.fit(life(people=30), shop(), now=NOW, settings=TasteSettings()), TasteModel.load(saved)

    assert again.ids == model.ids and again.settings == model.settings and again.made_at == NOW
    done = history("kettle-1", "toy-2")
    assert again.nearest(done, 20, NOW) == model.nearest(done, 20, NOW)
    assert np.array_equal(again.popularity(model.ids), model.popularity(model.ids))


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9])
def test_half_a_file_is_refused(saved: Path, part: float) -> None:
    body = saved.read_bytes()
    saved.write_bytes(body[: int(len(body) * part)])
    with pytest.raises(LearningError, match="attune recommend train"):
        TasteModel.load(saved)


def test_a_changed_number_is_noticed(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["tally.npy"] = members["tally.npy"][:-4] + np.float32(9).tobytes()
    with zipfile.ZipFile(saved, "w") as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    with pytest.raises(LearningError, match="checksum"):
        TasteModel.load(saved)


def test_another_version_is_refused_by_name(saved: Path) -> None:
    with zipfile.ZipFile(saved) as archive:
        header = json.loads(archive.read("header.json")) | {"version": 99}
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("header.json", json.dumps(header))
    with pytest.raises(LearningError, match="version 99"):
        TasteModel.load(saved)


@pytest.mark.parametrize("body", [b"", b"PK\x03\x04 no", b"\x00" * 2_000, "né".encode() * 500])
def test_what_is_no_model_is_refused_in_words(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "taste.npz"
    path.write_bytes(body)
    with pytest.raises(LearningError):
        TasteModel.load(path)


def test_a_save_that_is_broken_off_leaves_the_old_file(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = saved.read_bytes()

    def fail(_: int) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        TasteModel.fit([], shop(), now=NOW).save(saved)
    assert saved.read_bytes() == before
    assert [path.name for path in saved.parent.iterdir()] == [saved.name]
