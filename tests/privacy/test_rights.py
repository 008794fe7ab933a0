"""The table of rights: complete, closed, and without a way to give oneself more."""

import pytest

from privacy import STRANGERS, RightsError, read_rights, rights_of
from vocabulary import STAFF_ROLES, Right, Role

COMPLETE = "\n".join(f"[{who}]\nrights = []" for who in (*STRANGERS, *Role))


def test_every_kind_of_caller_has_a_line_and_every_right_has_somebody() -> None:
    given = set().union(*(rights_of(who) for who in (*STRANGERS, *Role)))
    assert given == set(Right)
    assert rights_of("anonymous") == frozenset()


def test_customers_and_guests_reach_only_what_is_their_own() -> None:
    for who in ("guest", Role.CUSTOMER):
        assert all(right.value.endswith(".own") for right in rights_of(who))


def test_staff_have_no_conversation_of_their_own_that_could_be_scored() -> None:
    own = {Right.CONVERSATION_OWN, Right.PROFILE_OWN, Right.DATA_OWN}
    for role in STAFF_ROLES:
        assert not own & rights_of(role), role


def test_who_is_recorded_does_not_take_the_record_away() -> None:
    """The record of acts leaves by auditors alone, and auditors see neither a conversation nor a person."""
    for role in STAFF_ROLES - {Role.AUDITOR}:
        assert Right.AUDIT_EXPORT not in rights_of(role)
    seeing = {Right.CASE_VIEW, Right.CASE_REVEAL, Right.PEOPLE_VIEW, Right.EMOTION_PERSON, Right.STAFF_MANAGE}
    assert not seeing & rights_of(Role.AUDITOR)


def test_an_unknown_caller_is_named() -> None:
    with pytest.raises(RightsError, match="'root'"):
        rights_of("root")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "expected exactly"),
        ("[agent", "no TOML"),
        (COMPLETE + '\n[root]\nrights = ["case.view"]', "root"),
        (COMPLETE.replace("[agent]", "[agents]"), "agents"),
        (COMPLETE.replace("[agent]\nrights = []", '[agent]\nrights = ["case.veiw"]'), "'case.veiw'"),
        (COMPLETE.replace("[agent]\nrights = []", '[agent]\nrights = "case.view"'), "a list of words"),
        (COMPLETE.replace("[agent]\nrights = []", "[agent]\nrights = [1]"), "a list of words"),
        (COMPLETE.replace("[agent]\nrights = []", "[agent]\nrights = []\nalso = []"), "one key"),
        (COMPLETE.replace("[agent]\nrights = []", '[agent]\nrights = ["case.view", "case.view"]'), "twice"),
        ("agent = 1", "expected exactly"),
    ],
)
def test_a_wrong_table_is_refused_as_a_whole(text: str, says: str) -> None:
    with pytest.raises(RightsError, match=says):
        read_rights(text)
