"""Keys: made once, kept private, sealed values bound to their purpose."""

import base64
import json
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import DecryptionError, KeyFileError, KeyRing


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keys.json"


def test_first_start_makes_a_private_key_file_and_the_second_reads_it(key_file: Path) -> None:
    token = KeyRing.load_or_create(key_file).encrypt(b"hello", purpose="message")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert KeyRing.load_or_create(key_file).decrypt(token, purpose="message") == b"hello"
    assert [path.name for path in key_file.parent.iterdir()] == ["keys.json"]


def test_key_file_has_the_format_that_the_bot_reads(key_file: Path) -> None:
    KeyRing.load_or_create(key_file)
    raw = json.loads(key_file.read_text())
    assert raw["current"] == "k1"
    assert len(base64.b64decode(raw["keys"]["k1"])) == 32


def test_ciphertext_is_prefix_key_id_and_nonce_with_sealed_data(key_file: Path) -> None:
    prefix, key_id, body = KeyRing.load_or_create(key_file).encrypt(b"12345", purpose="message").split(":")
    assert (prefix, key_id) == ("attune1", "k1")
    assert len(base64.b64decode(body)) == 12 + 5 + 16


def test_starting_many_times_at_once_gives_one_key(key_file: Path) -> None:
    barrier = threading.Barrier(8)
    rings: list[KeyRing] = []

    def start() -> None:
        barrier.wait()
        rings.append(KeyRing.load_or_create(key_file))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    token = rings[0].encrypt(b"same", purpose="message")
    assert [ring.decrypt(token, purpose="message") for ring in rings] == [b"same"] * 8


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o660, 0o700])
def test_key_file_that_others_may_use_is_refused(key_file: Path, mode: int) -> None:
    KeyRing.load_or_create(key_file)
    key_file.chmod(mode)
    with pytest.raises(KeyFileError, match="expected 0600") as caught:
        KeyRing.load_or_create(key_file)
    assert caught.value.code == "key_file_mode"


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"current": "k1", "keys": {}}', '{"current": "k1", "keys": {"k1": "AAAA"}}', "\x00", "null"],
)
def test_damaged_key_file_is_refused_and_left_as_it_is(key_file: Path, content: str) -> None:
    key_file.parent.mkdir()
    key_file.write_text(content)
    key_file.chmod(0o600)
    with pytest.raises(KeyFileError, match="backup"):
        KeyRing.load_or_create(key_file)
    assert key_file.read_text() == content


def test_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(KeyFileError, match="cannot be"):
        KeyRing.load_or_create(blocked / "keys.json")


def test_value_of_one_purpose_does_not_open_for_another(key_file: Path) -> None:
    ring = KeyRing.load_or_create(key_file)
    with pytest.raises(DecryptionError, match="purpose"):
        ring.decrypt(ring.encrypt(b"x", purpose="message"), purpose="media")


@pytest.mark.parametrize("token", ["", "plain", "attune1:k1", "attune1::AAAA", "attune2:k1:AAAA", "attune1:k1:@@"])
def test_value_that_is_not_sealed_is_refused(key_file: Path, token: str) -> None:
    with pytest.raises(DecryptionError):
        KeyRing.load_or_create(key_file).decrypt(token, purpose="message")


def test_unknown_key_is_named(key_file: Path) -> None:
    with pytest.raises(DecryptionError, match="key k9") as caught:
        KeyRing.load_or_create(key_file).decrypt("attune1:k9:AAAA", purpose="message")
    assert caught.value.code == "unknown_key"


def test_another_process_learns_a_new_key_from_the_file(key_file: Path) -> None:
    first, second = KeyRing.load_or_create(key_file), KeyRing.load_or_create(key_file)
    old = first.encrypt(b"old", purpose="message")
    assert first.rotate() == "k2"
    new = first.encrypt(b"new", purpose="message")
    assert new.startswith("attune1:k2:")
    assert second.decrypt(new, purpose="message") == b"new"
    assert second.decrypt(old, purpose="message") == b"old"
    assert second.current == "k2"


def test_fingerprint_outlives_rotation_and_differs_by_purpose(key_file: Path) -> None:
    ring = KeyRing.load_or_create(key_file)
    before = ring.fingerprint("a@example.org", purpose="email")
    ring.rotate()
    assert ring.fingerprint("a@example.org", purpose="email") == before
    assert ring.fingerprint("a@example.org", purpose="name") != before


@given(data=st.binary(max_size=2000))
def test_everything_that_is_sealed_opens_and_never_twice_alike(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    ring = KeyRing.load_or_create(tmp_path_factory.getbasetemp() / "shared-keys.json")
    token = ring.encrypt(data, purpose="message")
    assert ring.decrypt(token, purpose="message") == data
    assert ring.encrypt(data, purpose="message") != token


@given(position=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_altered_value_never_opens(tmp_path_factory: pytest.TempPathFactory, position: int, flip: int) -> None:
    ring = KeyRing.load_or_create(tmp_path_factory.getbasetemp() / "shared-keys.json")
    prefix, key_id, body = ring.encrypt(b"the customer's words", purpose="message").split(":")
    sealed = bytearray(base64.b64decode(body))
    sealed[position % len(sealed)] ^= flip
    with pytest.raises(DecryptionError):
        ring.decrypt(f"{prefix}:{key_id}:{base64.b64encode(sealed).decode()}", purpose="message")
