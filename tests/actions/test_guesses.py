"""Wrong proofs are counted over all conversations, and forgotten after an hour."""

from actions.guesses import FORGOTTEN_AFTER_S, MOST_WRONG, Guesses


def test_different_wrong_proofs_of_one_number_are_used_up_and_come_back() -> None:
    now = [0.0]
    guesses = Guesses(clock=lambda: now[0])
    for postcode in range(MOST_WRONG):
        assert not guesses.are_used_up("417203")
        guesses.add("417203", f"{10000 + postcode}")
    assert guesses.are_used_up("417203")
    assert not guesses.are_used_up("417204")
    now[0] = FORGOTTEN_AFTER_S + 1
    assert not guesses.are_used_up("417203")


def test_the_same_wrong_proof_again_is_one_guess() -> None:
    guesses = Guesses()
    for _ in range(3 * MOST_WRONG):
        guesses.add("417203", "10115")
    assert not guesses.are_used_up("417203")
