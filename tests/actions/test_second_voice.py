"""Why the voice is absent is kept with the assessment."""

from tests.actions.conftest import World
from tests.actions.test_assess import MESSAGE, assess, said
from vocabulary import ANOTHER_VOICE, Modality, Signal


async def test_a_voice_that_was_left_out_says_so(world: World) -> None:
    for second_voice, reason in (("left_out", ANOTHER_VOICE), (None, "no clip")):
        message_id = MESSAGE if second_voice else MESSAGE.replace("1", "2")
        await world.consent(Signal.TEXT)
        await world.receive(message_id, "this is ridiculous")
        async with world.context.db.transaction() as tx:
            receipt = {"clip": False, "second_voice": second_voice}
            await tx.receipts.put(world.conversation.id, message_id, "spoken", receipt)
        builder = (
            said(world) if message_id == MESSAGE else said(world).user("again", "complaint", message_id=message_id)
        )
        await assess(world, builder)
        async with world.context.db.reading() as tx:
            stored = await tx.assessments.get(world.conversation.id, message_id)
        assert stored is not None and stored.assessment.absent[Modality.VOICE] == reason
        assert Modality.TEXT not in stored.assessment.absent
