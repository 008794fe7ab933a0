"""What the product writes to people about their accounts. No name and nothing of a conversation is in it."""

from service.notify import Words

_IGNORE = "If this was not you, do nothing: without the link nothing changes."


def confirm_address(link: str) -> Words:
    """To somebody who registers."""
    return Words(
        "Confirm your e-mail address",
        "Somebody, probably you, has asked for an account with this address and a password of their own. Open the link "
        f"within 24 hours to make it. {_IGNORE}",
        link,
    )


def known_address(link: str) -> Words:
    """To somebody who has an account when their address is registered again."""
    return Words(
        "You have an account already",
        "Somebody, probably you, has tried to register with this address, which has an account. Sign in as before; if "
        "the password is lost, ask for a new one. If this was not you, there is nothing to do.",
        link,
    )


def reset(link: str) -> Words:
    """To somebody who has lost their password."""
    return Words("Choose a new password", f"Open the link within one hour to choose a new password. {_IGNORE}", link)


def change_address(link: str) -> Words:
    """To the new address."""
    return Words(
        "Confirm your new e-mail address",
        f"Open the link within 24 hours, in the browser where you are signed in, to use this address. {_IGNORE}",
        link,
    )


def address_taken(link: str) -> Words:
    """To an address with an account that somebody wants for another account."""
    return Words(
        "Your e-mail address was entered for another account",
        "Somebody with another account wants to use this address. An address has one account, so nothing has changed.",
        link,
    )


def phone_code(digits: str) -> Words:
    """To a telephone."""
    return Words("Your sign-in code", f"{digits} is your code. It holds for 10 minutes. Give it to nobody.")


def changed(what: str, link: str) -> Words:
    """To the owner after something of weight has changed. what: a whole sentence."""
    return Words(
        "Your account has changed", f"{what} If this was not you, choose a new password at once and write to us.", link
    )
