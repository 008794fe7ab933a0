"""The chain's own arithmetic, and its head outside the database."""

import multiprocessing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy import START, AuditError, Chain, Head, HeadFile, KeyRing, Link, rendered_details

HASH = "ab" * 32


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Chain(KeyRing.load_or_create(tmp_path_factory.mktemp("keys") / "keys.json"))


def link(**changes: Any) -> Link:
    fields: dict[str, Any] = {
        "number": 1,
        "at": "2026-01-01T00:00:00.000000+00:00",
        "actor": "a_1",
        "act": "case.view",
        "purpose": "an answer",
        "subject": None,
        "details": "{}",
        "previous": START,
    }
    return Link(**fields | changes)


def test_link_fits_after_the_one_before_alone(chain: Chain) -> None:
    first = chain.seal(link())
    second = chain.seal(link(number=2, previous=first.hash))
    assert chain.fits(first, Head()) and chain.fits(second, Head(1, first.hash))
    assert not chain.fits(second, Head()) and not chain.fits(first, Head(1, first.hash))
    assert not chain.fits(second, Head(1, HASH))


@given(
    fields=st.lists(st.sampled_from(["actor", "act", "purpose", "details", "subject", "at"]), min_size=1, unique=True),
    text=st.text(),
)
def test_no_field_can_be_changed_without_its_hash(chain: Chain, fields: list[str], text: str) -> None:
    whole = chain.seal(link())
    changed = link(**dict.fromkeys(fields, text))
    if changed != link():
        assert not chain.fits(Link(**{**changed.__dict__, "hash": whole.hash}), Head())


def test_text_cannot_move_from_one_field_to_the_next(chain: Chain) -> None:
    hashes = {chain.seal(link(actor=actor, act=act)).hash for actor, act in (("ab", "c"), ("a", "bc"), ('a","b', "c"))}
    assert len(hashes) == 3


def test_absent_subject_is_not_an_empty_one(chain: Chain) -> None:
    assert (
        chain.seal(link(subject=None)).hash
        != chain.seal(link(subject="")).hash
        != chain.seal(link(subject="null")).hash
    )


def test_another_installation_s_key_makes_no_fitting_link(chain: Chain, tmp_path: Path) -> None:
    stranger = Chain(KeyRing.load_or_create(tmp_path / "keys.json"))
    assert not chain.fits(stranger.seal(link()), Head())


def test_chain_outlives_the_rotation_of_keys(tmp_path: Path) -> None:
    keyring = KeyRing.load_or_create(tmp_path / "keys.json")
    before = Chain(keyring).seal(link())
    keyring.rotate()
    assert Chain(keyring).fits(before, Head())
    assert Chain(KeyRing.load_or_create(tmp_path / "keys.json")).fits(before, Head())


@pytest.mark.parametrize("details", [{"x": float("nan")}, {"x": object()}, {"x": "y" * 5000}, {"x": b"bytes"}])
def test_details_that_are_no_small_json_are_refused(details: dict[str, Any]) -> None:
    with pytest.raises(AuditError) as caught:
        rendered_details(details)
    assert caught.value.code == "details_invalid"
    assert "yyyy" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "7", "7:abc", f"-1:{HASH}", f"x:{HASH}", f"{'9' * 40}:{HASH}", f"٣:{HASH}", ":" * 80, "\0"]
)
def test_what_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(AuditError, match="NUMBER:HASH"):
        Head.parse(text)


def test_head_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "new" / "audit.head")
    assert file.read() is None
    file.begin()
    assert file.read() == Head()
    file.advance(Head(3, HASH))
    file.begin()
    assert file.read() == file.writable() == Head(3, HASH) == Head.parse(str(Head(3, HASH)))
    file.advance(Head(2, "cd" * 32))
    assert file.read() == Head(3, HASH)
    file.put(Head(2, "cd" * 32))
    assert file.read() == Head(2, "cd" * 32)


@pytest.mark.parametrize("content", [b"", b"\0" * 90, b"x" * 90, b"1:" + b"a" * 500])
def test_head_file_of_another_content_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "audit.head"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(AuditError) as caught:
        HeadFile(path).read()
    assert caught.value.code == "head_invalid"


def test_head_file_that_others_may_change_is_not_believed(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "audit.head")
    file.begin()
    file.path.chmod(0o666)
    with pytest.raises(AuditError, match="chmod 600") as caught:
        file.writable()
    assert caught.value.code == "head_mode"


def test_folder_in_place_of_the_head_is_named(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="cannot be used"):
        HeadFile(tmp_path).begin()


def _advance(path: str, numbers: range) -> None:
    for number in numbers:
        HeadFile(Path(path)).advance(Head(number, f"{number:064}"))


def test_processes_that_advance_at_once_leave_the_newest_head(tmp_path: Path) -> None:
    file = HeadFile(tmp_path / "audit.head")
    file.begin()
    context = multiprocessing.get_context("spawn")
    jobs = [context.Process(target=_advance, args=(str(file.path), range(n, 300, 3))) for n in (1, 2, 3)]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    assert [job.exitcode for job in jobs] == [0, 0, 0]
    assert file.read() == Head(299, f"{299:064}")
