"""Customers' sentences in the assistant's training files: they follow the consent to improve the service."""

from pathlib import Path

from privacy import KeyRing
from store.bot_examples import BotExamples, example_source
from store.consents import Answered
from vocabulary import Purpose, Signal


class Lessons:
    """What an answer in the ledger, or a guest's joining an account, means for the training files. Methods block."""

    def __init__(self, path: Path, keyring: KeyRing) -> None:
        self._examples = BotExamples(path)
        self._keyring = keyring

    def obey(self, answered: Answered) -> int:
        """Take a customer's sentences out where they have said no to improving the service by their words."""
        ended = ended_by(answered)
        return self._examples.forget([self._source(one) for one in ended]) if ended else 0

    def forget(self, customer_id: str) -> int:
        """Take a customer's sentences out; gives the number."""
        return self._examples.forget([self._source(customer_id)])

    def pass_on(self, old_id: str, new_id: str) -> int:
        """Give a guest's sentences to the customer that the guest turned out to be; gives the number."""
        return self._examples.pass_on(self._source(old_id), self._source(new_id))

    def _source(self, customer_id: str) -> str:
        return example_source(self._keyring, customer_id)


def ended_by(answered: Answered) -> frozenset[str]:
    """The customers who have said no to improving the service by their words."""
    return frozenset(
        one.customer_id
        for one in answered.receipts
        if one.signal is Signal.TEXT and one.purpose is Purpose.IMPROVE and not one.granted
    )
