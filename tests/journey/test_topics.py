"""Sensitive topics: found when they are there, left alone in ordinary shopping talk."""

import doctest

import pytest

import journey.topics
from journey import sensitive_topic


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("the washing machine caught fire last night", "safety"),
        ("I got an electric shock from the toaster", "safety"),
        ("smoke is coming out of the dryer", "safety"),
        ("it started smoking and I unplugged it", "safety"),
        ("the battery exploded", "safety"),
        ("the kettle burned my hand", "safety"),
        ("you will hear from my lawyer", "legal"),
        ("I am going to take legal action", "legal"),
        ("I will sue you", "legal"),
    ],
)
def test_topic_for_a_person_is_found(text: str, topic: str) -> None:
    assert sensitive_topic(text) == topic


@pytest.mark.parametrize(
    "text",
    [
        "",
        None,
        "do you have smoke detectors?",
        "are smoke alarms out of stock",
        "a fire stick for my television",
        "burn a disc",
        "is the courier coming to my court yard",
        "does the oven have a spark ignition",
        "an issue with my order",
        "is the blender shock proof",
    ],
)
def test_shopping_talk_is_no_topic(text: str | None) -> None:
    assert sensitive_topic(text) is None


def test_examples_in_the_docstring_run() -> None:
    assert doctest.testmod(journey.topics).failed == 0
