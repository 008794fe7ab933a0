"""What a person may choose as a password, and that it is taken as it is."""

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from privacy import WeakPassword, check_password, hash_password, password_matches

GOOD = "quiet-otter-maps-7-lanterns"


@pytest.mark.parametrize("length", [0, 1, 7])
def test_fewer_than_eight_characters_are_refused(length: int) -> None:
    with pytest.raises(WeakPassword) as caught:
        check_password("xq7#Lw9$"[:length])
    assert caught.value.code == "password_length"


def test_the_3000_most_common_passwords_of_eight_characters_and_more_are_refused() -> None:
    common = [word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8][:3000]
    assert len(common) == 3000
    passed = []
    for word in common:
        try:
            check_password(word)
        except WeakPassword:
            continue
        passed.append(word)
    assert passed == []


@pytest.mark.parametrize(
    "chosen",
    [
        "correct horse battery staple lake",
        "zwölf grüne äpfel übermorgen",
        "八百屋の前で猫が三匹昼寝中",
        "qzvkwjxhtpmrblfd",
        "8402957316640281",
        "🦦🎻🧭🪁🥁🦔🧶🪐🛶",
        "x" + " \t" + GOOD + "\\'\";--<script>",
    ],
)
def test_any_kind_of_characters_will_do(chosen: str) -> None:
    check_password(chosen)
    assert password_matches(hash_password(chosen), chosen)


@pytest.mark.parametrize(
    "other",
    [GOOD.upper(), GOOD.capitalize(), GOOD + " ", " " + GOOD, GOOD[:-1], GOOD + "x", GOOD.replace("-", "\u2010")],
)
def test_a_password_is_compared_as_it_was_given(other: str) -> None:
    assert not password_matches(hash_password(GOOD), other)


def test_the_end_of_a_long_password_counts() -> None:
    long = GOOD * 20
    stored = hash_password(long)
    assert password_matches(stored, long)
    assert not password_matches(stored, long[:-1] + "?") and not password_matches(stored, long[:72])
