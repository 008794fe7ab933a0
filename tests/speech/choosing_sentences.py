"""Sentences on which Moonshine's constants were chosen. Nothing is ever measured on them: others are for that."""

import random
from collections.abc import Iterator

VOICES = ("slt", "rms", "awb", "kal", "kal16")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SEED = 20_261
SHOP = (
    "good morning I ordered a kettle last week and it has not come yet",
    "could you tell me where my parcel is",
    "the blender you sent me is broken",
    "I want to return these headphones they are too small",
    "how long does it take until I get my money back",
    "can you change the delivery address of my order",
    "do you have a quiet washing machine",
    "what does the warranty cover",
    "I was charged twice for one order",
    "the invoice shows the wrong amount",
    "please cancel my order",
    "I need to speak to a real person",
    "your service is terrible I have been waiting for two weeks",
    "the robot vacuum stops in the middle of the room",
    "which coffee machine would you recommend",
    "is the dishwasher still in stock",
    "how much is the shipping to Austria",
    "my voucher code does not work",
    "I forgot my password and cannot log in",
    "the screen of my tablet is cracked",
    "when can the technician come for the repair",
    "the fridge is making a strange noise",
    "I do not want another toaster I want a refund",
    "nobody answers my emails",
    "thank you that was very helpful",
    "can I pay by invoice or by credit card",
    "the parcel was left with a neighbour who I do not know",
    "I received the wrong colour",
    "do you sell spare parts for this mixer",
    "my subscription should end this month",
    "I would like to track my shipment",
    "the vacuum cleaner does not charge any more",
    "please send me a new battery",
    "what is the difference between these two models",
    "I have changed my mind about the microwave",
    "you promised a call back and nobody called",
    "it says delivered but I did not get anything",
    "can you explain the basic plan and the premium plan",
    "the washing machine leaks water all over the floor",
    "how do I reset the router",
)
GENERAL = (
    "the river was frozen from one bank to the other",
    "she wrote three letters before breakfast",
    "nobody in the village had seen such a storm",
    "the old man told us about his life at sea",
    "we went to the market for bread and cheese",
    "he opened the window and looked at the mountains",
    "the children were too tired to play",
    "a good teacher listens before she speaks",
    "for many years the castle stood empty",
    "the train to the city leaves at eight",
    "they won the match in the last minute",
    "birds fly south when the winter comes",
    "my sister plays the violin in an orchestra",
    "it was the best of all the stories he knew",
    "the museum is closed on Mondays",
    "there were four chairs around the wooden table",
    "the captain ordered the crew to return to the harbour",
    "we ate too much and slept until noon",
    "music sounds different in a large hall",
    "I have never been to the opera",
)
NUMBER_FRAMES = (
    *("{}", "my order number is {}", "the number is {}", "it's {}", "order {}", "I ordered under number {}"),
    *("where is order {}", "can you check {} for me", "{} is my order", "number {} please", "cancel order {}"),
    "that is order number {} from last week",
)


def spoken_numbers(count: int) -> Iterator[tuple[str, str]]:
    """Order numbers and how they are said: plainly, with "oh", "double", and pauses in two places. Always the same."""
    draw = random.Random(_SEED)
    for number in range(count):
        digits = [4, *(draw.randrange(10) for _ in range(5))]
        said = [DIGITS[digit] for digit in digits]
        way = number % 5
        if way == 1:
            said = ["oh" if word == "zero" else word for word in said]
        elif way == 2:
            said[2] += ","
        elif way == 3:
            said = list(_with_doubles(digits))
        elif way == 4:
            said[1] += ","
            said[3] += ","
        yield "".join(map(str, digits)), draw.choice(NUMBER_FRAMES).format(" ".join(said))


def _with_doubles(digits: list[int]) -> Iterator[str]:
    place = 0
    while place < len(digits):
        if digits[place : place + 2] == [digits[place]] * 2:
            yield "double"
            place += 1
        yield DIGITS[digits[place]]
        place += 1
