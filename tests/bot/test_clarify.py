"""The neutral question: after the answer, once, never across another question, and again for a repeated message."""

import pytest

from tests.bot.served_bot import ServedBot

QUESTION = "Is this what you need?"


def texts(answer: dict) -> list:
    return [reply["text"] for reply in answer["replies"]]


async def test_it_follows_the_answer_and_a_repeated_message_finds_it_again(bot: ServedBot) -> None:
    bot.actions.unsure.add("hours")
    first = await bot.say("hours", "m-0000001")
    again = await bot.say("hours", "m-0000001")

    assert texts(first[1]) == ["From nine to five.", QUESTION]
    assert again == (200, {**first[1], "repeated": True})


async def test_the_next_turn_is_understood_as_ever_and_not_asked_about(bot: ServedBot) -> None:
    bot.actions.unsure.add("hours")
    await bot.say("hours", "m-0000001")
    bot.actions.unsure.clear()

    assert texts((await bot.say("work", "m-0000002"))[1]) == ["Worked."]
    assert texts((await bot.say("hours", "m-0000003"))[1]) == ["From nine to five."]


@pytest.mark.parametrize("text", ["hello", "order"])
async def test_it_never_crosses_another_question(bot: ServedBot, text: str) -> None:
    bot.actions.unsure.add(text)
    answer = (await bot.say(text, "m-0000001"))[1]

    assert texts(answer) and QUESTION not in texts(answer)


async def test_a_turn_that_goes_to_a_person_is_not_asked_about(bot: ServedBot) -> None:
    bot.actions.unsure.add("hours")
    bot.actions.escalating.add("hours")

    assert texts((await bot.say("hours", "m-0000001"))[1]) == ["A person will help."]
