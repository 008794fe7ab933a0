"""Who answers a conversation, in the words that customers see."""

from service.hub import Frame, Hub
from store import Conversation, Database, Transaction


async def agent_name(tx: Transaction, conversation: Conversation) -> str | None:
    """The name of the person who has the conversation; None while nobody has it."""
    if conversation.agent_id is None:
        return None
    member = await tx.accounts.get(conversation.agent_id)
    return member.name if member else None


async def owner_frame(tx: Transaction, conversation: Conversation) -> Frame:
    """Who answers now, as the socket carries it."""
    return {"type": "owner", "owner": conversation.owner.value, "agent": await agent_name(tx, conversation)}


async def announce_owner(db: Database, hub: Hub, conversation_id: str) -> None:
    """Tell every open page who answers a conversation now."""
    async with db.reading() as tx:
        conversation = await tx.conversations.get(conversation_id)
        frame = await owner_frame(tx, conversation) if conversation else None
    if frame is not None:
        hub.publish(conversation_id, frame)
    hub.changed(conversation_id)
