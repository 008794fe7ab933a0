"""Passwords, second factors, and addresses in their one form."""

import base64
import contextlib
import time
from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pyotp
import pytest
from argon2 import PasswordHasher

from privacy import (
    ContactInvalid,
    WeakPassword,
    check_password,
    checked_email,
    hash_password,
    is_outdated,
    matching_step,
    new_recovery_codes,
    normal_email,
    normal_phone,
    normal_recovery_code,
    password_matches,
    passwords,
    totp_uri,
)

GOOD = "violet tram beneath the lemon"


@pytest.mark.parametrize(
    "password",
    [
        "password", "Password1!", "12345678", "qwertyuiop", "letmein2024", "iloveyou!", "aaaaaaaaaaaa", "abcdefghijkl",
        "attune123", "trustno1!", "p@ssw0rd", "19871224", "monkeymonkey",
    ],
)  # fmt: skip
def test_passwords_that_guessing_finds_are_refused(password: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password(password)
    assert refused.value.code == "weak_password"
    assert password == "password" or password not in str(refused.value)


def test_what_is_known_of_the_person_is_no_password() -> None:
    personal = ("wilhelmina.quist@example.org", "Wilhelmina Quist")
    for password in ("wilhelmina.quist", "QuistWilhelmina", "quist@example"):
        with pytest.raises(WeakPassword):
            check_password(password, personal)
    check_password(GOOD, personal)
    check_password("Tr0ub4dour & three", (None, "", "x"))


@pytest.mark.parametrize("length", [0, 7, 1025])
def test_the_length_has_bounds(length: int) -> None:
    with pytest.raises(WeakPassword) as refused:
        check_password("ü" * length)
    assert refused.value.code == "password_length"


@pytest.mark.parametrize(
    "password", ["password1" * 100, "12.1.1999" * 100, "\ud800" * 500, "a1!@4$" * 170, "🙂" * 1024]
)
def test_long_and_strange_passwords_are_judged_in_no_time(password: str) -> None:
    started = time.perf_counter()
    with contextlib.suppress(WeakPassword):
        check_password(password, ["x" * 100_000, " ".join(map(str, range(200)))])
    assert time.perf_counter() - started < 1


def test_a_hash_opens_for_its_password_alone() -> None:
    stored = hash_password(GOOD)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hash_password(GOOD) != stored
    assert password_matches(stored, GOOD)
    for wrong in ("", GOOD.upper(), f"{GOOD} ", "x" * 1025, "\ud800"):
        assert not password_matches(stored, wrong)
    assert not password_matches(None, GOOD)
    assert not password_matches("no hash at all", GOOD)
    assert password_matches(hash_password("pass\ud800word"), "pass\ud800word")


def test_without_a_hash_the_work_is_the_same() -> None:
    with patch.object(passwords, "_HASHER", wraps=passwords._HASHER) as hasher:
        for stored in (hash_password(GOOD), None):
            password_matches(stored, "wrong password")
    (real, given), (invented, same) = (call.args for call in hasher.verify.call_args_list)
    assert given == same
    assert real != invented
    assert real.split("$")[:4] == invented.split("$")[:4], "the same settings, so the same work"


def test_hashes_of_earlier_settings_still_open_and_are_known_as_such() -> None:
    before = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4).hash(GOOD)
    assert password_matches(before, GOOD)
    assert is_outdated(before)
    assert not is_outdated(hash_password(GOOD))


def test_a_code_is_right_for_its_time_and_opens_once() -> None:
    secret = pyotp.random_base32()
    app = pyotp.TOTP(secret)
    now = datetime(2026, 3, 1, 12, 0, 15, tzinfo=UTC)
    step = int(now.timestamp()) // 30
    for seconds, found in ((0, step), (-30, step - 1), (30, step + 1), (-60, None), (60, None)):
        assert matching_step(secret, app.at(now + timedelta(seconds=seconds)), now, None) == found
    assert matching_step(secret, app.at(now), now, step) is None
    assert matching_step(secret, app.at(now), now, step - 1) == step
    spaced = f"{app.at(now)[:3]} {app.at(now)[3:]}"
    assert matching_step(secret, spaced, now, None) == step
    for wrong in ("", "12345", "1234567", "½23456", "x" * 100_000, "-12345"):
        assert matching_step(secret, wrong, now, None) is None


def test_the_published_vector_holds() -> None:
    # RFC 6238, appendix B: SHA-1, 1970-01-01 00:00:59, eight digits 94287082; six digits are its end.
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert matching_step(secret, "287082", datetime.fromtimestamp(59, UTC), None) == 1


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len(set(codes)) == 10
    for code in codes:
        assert len(normal_recovery_code(code)) == 16
        assert normal_recovery_code(code.upper().replace("-", " ")) == normal_recovery_code(code)
    secret = pyotp.random_base32()
    assert f"secret={secret}" in totp_uri(secret, "ana@example.org", "Attune")


def test_addresses_have_one_form() -> None:
    assert normal_email(" Ana@Example.ORG ") == "ana@example.org"
    assert normal_email("admin@localhost") == "admin@localhost"
    assert checked_email("Ana@example.org") == "ana@example.org"
    for wrong in ("", "ana", "@x", "a@", "a@b@c", "a b@c.de", "a\x00@b.de", "a@b.de\r\nBcc: x", "x" * 255 + "@b.de"):
        with pytest.raises(ContactInvalid):
            normal_email(wrong)
    for unreachable in ("admin@localhost", "a@b", "a@-x.de", "a@x..de", "\ud800@example.org"):
        with pytest.raises(ContactInvalid):
            checked_email(unreachable)


def test_numbers_have_one_form() -> None:
    assert normal_phone("+44 (0)7911 123456") == "+447911123456"
    assert normal_phone("07911 123456", "GB") == "+447911123456"
    for wrong in ("", "07911 123456", "+1", "+44 7911", "phone", "9" * 10_000, "٠٧", "\ud800"):
        with pytest.raises(ContactInvalid):
            normal_phone(wrong)
