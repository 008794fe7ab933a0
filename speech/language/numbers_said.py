"""How people say numbers: the same order number in many ways, prices and dates, drawn with a fixed seed."""

import random
from collections.abc import Iterator
from typing import Final

from speech.language.numerals import MONTHS, ordinal_words
from speech.language.phrases import number_words

ORDER_DIGITS: Final = 6
_ORDINALS: Final = tuple(ordinal_words(day) for day in range(1, 32))
_ORDER_FRAMES: Final = (
    *("{}", "{}", "order {}", "order number {}", "my order {}", "my order number is {}", "number {}", "it is {}"),
    *("it's {}", "the number is {}", "it's order {}", "where is my order {}", "where is order {}", "that is {}"),
    *("i want to cancel order {}", "about order {}", "for order {}", "order {} please", "the order number is {}"),
    *("i am calling about order {}", "can you check order {}", "check order {} please", "yes {}", "no {}"),
)
_PRICE_FRAMES: Final = (
    *("under {}", "less than {}", "up to {}", "i paid {}", "for {}", "it costs {}", "not more than {}", "about {}"),
    *("between {} and {}", "around {}", "my budget is {}", "{} at most", "why did you charge me {}"),
)
_DATE_FRAMES: Final = (
    *("on {}", "i ordered it on {}", "since {}", "from {}", "it was {}", "until {}", "by {}", "before {}"),
    *("it was delivered on {}", "i paid on {}", "can it come on {}"),
)


def number_sentences(seed: int, *, orders: int, prices: int, dates: int) -> Iterator[str]:
    """So many sentences with order numbers, prices and dates, as they are said. The same seed gives the same."""
    draw = random.Random(seed)
    for _ in range(orders):
        digits = "4" + "".join(draw.choice("0123456789") for _ in range(ORDER_DIGITS - 1))
        yield draw.choice(_ORDER_FRAMES).format(say_digits(digits, draw))
    for _ in range(prices):
        frame = draw.choice(_PRICE_FRAMES)
        yield frame.format(*(say_price(draw) for _ in range(frame.count("{}"))))
    for _ in range(dates):
        yield draw.choice(_DATE_FRAMES).format(_date(draw))


def say_digits(digits: str, draw: random.Random) -> str:
    """The digits one by one, with "double", in pairs, or in threes; zero may be "oh"."""
    way = draw.random()
    if way < 0.18:
        return " ".join(_pair(digits[place : place + 2]) for place in range(0, len(digits), 2))
    if way < 0.24:
        return " ".join(_three(digits[place : place + 3]) for place in range(0, len(digits), 3))
    zero = "oh" if draw.random() < 0.3 else "zero"
    said: list[str] = []
    place = 0
    while place < len(digits):
        digit = zero if digits[place] == "0" else number_words(int(digits[place]))
        if digits[place : place + 2] == digits[place] * 2 and draw.random() < 0.5:
            said += ["double", digit]
            place += 2
        else:
            said.append(digit)
            place += 1
    return " ".join(said)


def say_price(draw: random.Random) -> str:
    """Euros up to two thousand, half of them round, some with cents."""
    euros = draw.choice((10, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 250, 300, 400, 500, 600, 800, 1000, 1200))
    if draw.random() < 0.5:
        euros = draw.randint(2, 999)
    way = draw.random()
    if way < 0.65:
        return f"{number_words(euros)} euros"
    cents = number_words(draw.choice((90, 95, 99, 50)))
    return f"{number_words(euros)} euros {cents}" if way < 0.85 else f"{number_words(euros)} {cents}"


def _pair(digits: str) -> str:
    if digits[0] == "0":
        return "oh " + ("oh" if digits[1] == "0" else number_words(int(digits[1])))
    return number_words(int(digits))


def _three(digits: str) -> str:
    if digits[0] == "0":
        return "zero " + _pair(digits[1:]).replace("oh", "zero")
    return number_words(int(digits))


def _date(draw: random.Random) -> str:
    day, month = draw.choice(_ORDINALS), draw.choice(MONTHS)
    return draw.choice((f"the {day} of {month}", f"{month} {day}", f"{month} the {day}", f"the {day}"))
