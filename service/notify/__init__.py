"""Messages to people outside the chat: mail, web push and phone, from an outbox in the database."""

from service.notify.away import Away
from service.notify.choices import CHOSEN_KINDS, Choices
from service.notify.errors import SenderInvalid, SendFailed
from service.notify.follow_up import ask_whether_settled
from service.notify.notifier import Notifier, Reachable, Words
from service.notify.outbox import Outbox
from service.notify.senders import Sender, Senders

__all__ = [
    "CHOSEN_KINDS",
    "Away",
    "Choices",
    "Notifier",
    "Outbox",
    "Reachable",
    "SendFailed",
    "Sender",
    "SenderInvalid",
    "Senders",
    "Words",
    "ask_whether_settled",
]
