"""Who answers a conversation, in the words that customers see."""

from service.hub import Frame
from store import Conversation, Transaction


async def agent_name(tx: Transaction, conversation: Conversation) -> str | None:
    """The name of the person who has the conversation; None while nobody has it."""
    if conversation.agent_id is None:
        return None
    member = await tx.accounts.get(conversation.agent_id)
    return member.name if member else None


async def owner_frame(tx: Transaction, conversation: Conversation) -> Frame:
    """Who answers now, as the socket carries it."""
    return {"type": "owner", "owner": conversation.owner.value, "agent": await agent_name(tx, conversation)}
