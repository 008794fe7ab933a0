"""The staff pages: the queue of waiting customers, one conversation, and the accounts."""

from service.desk.pages import attach_desk
from service.desk.work import DeskWork

__all__ = ["DeskWork", "attach_desk"]
