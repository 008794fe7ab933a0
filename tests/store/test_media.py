"""Media: encrypted, short-lived, reachable by random id only."""

import os
import stat
import time
from pathlib import Path

import numpy as np
import pytest

from privacy import KeyRing
from store import MediaError, MediaStore
from vocabulary import Clip


@pytest.fixture
def media(tmp_path: Path, keyring: KeyRing) -> MediaStore:
    return MediaStore(tmp_path / "media", keyring, ttl_s=60)


def files(tmp_path: Path) -> list[Path]:
    return list((tmp_path / "media").iterdir())


def grow_old(path: Path, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(path, (then, then))


@pytest.mark.parametrize("segments", [None, (), ((0.0, 0.5), (0.7, 1.0))])
def test_clip_comes_back_as_it_was(media: MediaStore, segments: tuple[tuple[float, float], ...] | None) -> None:
    clip = Clip(np.linspace(-1, 1, 16_000, dtype=np.float32), customer_segments=segments)
    stored = media.get_clip(media.put_clip(clip))
    assert stored is not None
    np.testing.assert_array_equal(stored.samples, clip.samples)
    assert stored.customer_segments == segments


def test_empty_clip_comes_back_empty(media: MediaStore) -> None:
    stored = media.get_clip(media.put_clip(Clip(np.zeros(0, dtype=np.float32))))
    assert stored is not None
    assert stored.samples.size == 0


def test_file_is_private_and_unreadable(media: MediaStore, tmp_path: Path) -> None:
    media.put_bytes(b"the sound of a voice")
    (path,) = files(tmp_path)
    assert b"voice" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_deleted_media_is_gone_and_deleting_again_is_no_error(media: MediaStore, tmp_path: Path) -> None:
    media_id = media.put_bytes(b"x")
    media.delete(media_id)
    media.delete(media_id)
    assert media.get_bytes(media_id) is None
    assert files(tmp_path) == []


def test_expired_media_is_gone_even_before_the_purge(media: MediaStore, tmp_path: Path) -> None:
    media_id = media.put_bytes(b"x")
    grow_old(files(tmp_path)[0], 61)
    assert media.get_bytes(media_id) is None
    assert files(tmp_path) == []


def test_purge_removes_the_expired_and_what_a_crash_left(media: MediaStore, tmp_path: Path) -> None:
    assert media.purge_expired() == 0
    media.put_bytes(b"old")
    grow_old(files(tmp_path)[0], 61)
    left = tmp_path / "media" / "half.new"
    left.write_bytes(b"half")
    grow_old(left, 61)
    fresh = media.put_bytes(b"fresh")
    assert media.purge_expired() == 2
    assert media.get_bytes(fresh) == b"fresh"
    assert media.close() == 1
    assert files(tmp_path) == []


@pytest.mark.parametrize("media_id", ["", "../keys", "../../etc/passwd", "a" * 31 + "/", "a" * 33, "a" * 31 + "\0"])
def test_id_of_another_form_reaches_no_file(media: MediaStore, media_id: str, tmp_path: Path) -> None:
    (tmp_path / "keys.media").write_text("secret")
    assert media.get_bytes(media_id) is None
    media.delete(media_id)
    assert (tmp_path / "keys.media").exists()


def test_altered_file_is_thrown_away(media: MediaStore, tmp_path: Path) -> None:
    media_id = media.put_bytes(b"x" * 100)
    (path,) = files(tmp_path)
    path.write_bytes(path.read_bytes()[:-8] + b"AAAAAAAA")
    assert media.get_bytes(media_id) is None
    assert files(tmp_path) == []


def test_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path, keyring: KeyRing) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MediaError, match="ATTUNE_MEDIA_DIR"):
        MediaStore(tmp_path / "file", keyring).put_bytes(b"x")


def test_a_file_under_another_id_does_not_open(media: MediaStore, tmp_path: Path) -> None:
    first, second = media.put_bytes(b"first"), media.put_bytes(b"second")
    (tmp_path / "media" / f"{first}.media").replace(tmp_path / "media" / f"{second}.media")
    assert media.get_bytes(second) is None


def test_files_are_read_after_a_rotation_and_name_the_key_that_they_need(
    media: MediaStore, keyring: KeyRing, tmp_path: Path
) -> None:
    before = media.put_bytes(b"before")
    keyring.rotate()
    after = media.put_bytes(b"after")
    assert media.named_keys() == {"k1": 1, "k2": 1}
    assert (media.get_bytes(before), media.get_bytes(after)) == (b"before", b"after")


def test_a_file_of_the_version_before_is_read(media: MediaStore, keyring: KeyRing, tmp_path: Path) -> None:
    media_id = media.put_bytes(b"x")
    (tmp_path / "media" / f"{media_id}.media").write_text(keyring.encrypt(b"words", purpose="media"))
    assert media.get_bytes(media_id) == b"words"
    assert media.named_keys() == {"k1": 1}
