"""Keys from a file, the environment or a command; a ring that changes; keys that go."""

import json
import multiprocessing
import stat
import sys
import time
from pathlib import Path

import pytest

from privacy import DecryptionError, KeyFileError, KeyRing
from privacy.key_sources import CommandSource


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_keys_come_from_the_environment_or_a_command_before_the_file(tmp_path: Path, key_file: Path) -> None:
    ring = KeyRing.load_or_create(tmp_path / "other.json")
    sealed = ring.encrypt(b"words", purpose="message")
    content = (tmp_path / "other.json").read_text()
    for opened in (
        KeyRing.open(key_file, keys=content, command="false"),
        KeyRing.open(key_file, command=f"cat '{tmp_path / 'other.json'}'"),
    ):
        assert opened.decrypt(sealed, purpose="message") == b"words"
        assert opened.fingerprint("a", purpose="b") == ring.fingerprint("a", purpose="b")
    assert not key_file.exists()


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("false", "status 1"),
        ("/no/such/program", "cannot be run"),
        ("echo '{}'", "not a key file"),
        ("printf '\\xff\\xfe'", "not a key file"),
        ("'unfinished", "no command"),
        ("   ", "no command"),
    ],
)
def test_a_command_that_gives_no_keys_is_a_clear_error(key_file: Path, command: str, says: str) -> None:
    with pytest.raises(KeyFileError, match=says):
        KeyRing.open(key_file, command=command)


def test_a_command_that_hangs_is_ended(key_file: Path) -> None:
    begun = time.monotonic()
    with pytest.raises(KeyFileError, match="did not end within"):
        KeyRing(CommandSource("sleep 30", timeout_s=0.2))
    assert time.monotonic() - begun < 10


def test_what_a_failing_command_says_is_not_repeated(key_file: Path) -> None:
    with pytest.raises(KeyFileError) as caught:
        KeyRing.open(key_file, command=f'{sys.executable} -c "import sys; sys.exit(str(6*7)+chr(83))"')
    assert "42S" not in str(caught.value)


def test_keys_of_the_environment_cannot_be_rotated_here(tmp_path: Path, key_file: Path) -> None:
    KeyRing.load_or_create(key_file)
    ring = KeyRing.open(tmp_path / "none.json", keys=key_file.read_text())
    with pytest.raises(KeyFileError, match="ATTUNE_KEYS") as caught:
        ring.rotate()
    assert caught.value.code == "keys_read_only"


def test_another_process_seals_with_the_new_key_at_once(key_file: Path) -> None:
    first, second = KeyRing.load_or_create(key_file), KeyRing.load_or_create(key_file)
    assert first.rotate() == "k2"
    assert second.encrypt(b"x", purpose="message").startswith("attune1:k2:")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_a_key_that_goes_takes_its_values_and_leaves_fingerprints_and_its_id(key_file: Path) -> None:
    ring = KeyRing.load_or_create(key_file)
    old, mark = ring.encrypt(b"old", purpose="message"), ring.fingerprint("a", purpose="email")
    ring.rotate()
    kept = ring.resealed(old, purpose="message")
    assert kept is not None and ring.resealed(kept, purpose="message") is None
    ring.retire("k1")
    again = KeyRing.load_or_create(key_file)
    assert again.decrypt(kept, purpose="message") == b"old"
    with pytest.raises(DecryptionError, match="k1"):
        again.decrypt(old, purpose="message")
    assert again.fingerprint("a", purpose="email") == mark
    assert again.rotate() == "k3"
    again.retire("k2")
    assert KeyRing.load_or_create(key_file).rotate() == "k4"


@pytest.mark.parametrize(("key_id", "code"), [("k1", "key_current"), ("k9", "key_unknown")])
def test_the_current_key_and_unknown_ones_do_not_go(key_file: Path, key_id: str, code: str) -> None:
    ring = KeyRing.load_or_create(key_file)
    with pytest.raises(KeyFileError) as caught:
        ring.retire(key_id)
    assert caught.value.code == code


def test_a_file_of_an_earlier_version_keeps_its_fingerprints_when_its_first_key_goes(key_file: Path) -> None:
    KeyRing.load_or_create(key_file)
    raw = json.loads(key_file.read_text())
    del raw["index"]
    key_file.write_text(json.dumps(raw))
    ring = KeyRing.load_or_create(key_file)
    mark = ring.fingerprint("a", purpose="email")
    ring.rotate()
    ring.retire("k1")
    assert KeyRing.load_or_create(key_file).fingerprint("a", purpose="email") == mark


def test_a_file_that_vanishes_is_an_error_and_no_new_file(key_file: Path) -> None:
    ring = KeyRing.load_or_create(key_file)
    key_file.unlink()
    with pytest.raises(KeyFileError, match="cannot be read"):
        ring.encrypt(b"x", purpose="message")
    assert not key_file.exists()


def _rotate(path: str) -> None:
    for _ in range(5):
        KeyRing.load_or_create(Path(path)).rotate()


def test_two_processes_that_rotate_at_once_lose_no_key(key_file: Path) -> None:
    ring = KeyRing.load_or_create(key_file)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_rotate, args=(str(key_file),)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
        assert worker.exitcode == 0
    ring.encrypt(b"x", purpose="message")
    assert ring.current == "k11" and len(ring.content.keys) == 11


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "null",
        '{"current": "k1"}',
        '{"current": "k1", "keys": {"k1": 5}}',
        '{"current": "k1", "keys": {}}',
        "[" * 5000,
        '{"current": "k:1", "keys": {"k:1": "' + "A" * 43 + '="}}',
    ],
)
def test_keys_that_are_none_are_refused(tmp_path: Path, content: str) -> None:
    with pytest.raises(KeyFileError):
        KeyRing.open(tmp_path / "keys.json", keys=content or " ")
