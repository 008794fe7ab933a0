"""Topics that belong to a person, whatever the customer's mood. Dialogue content, so no consent is needed."""

import re
from typing import Final

_TOPICS: Final[dict[str, tuple[str, ...]]] = {
    "safety": (
        r"(?:electric(?:al)?|got an?) shock",
        r"\belectrocut\w+",
        r"\b(?:caught|catch(?:es|ing)?|on) fire\b",
        r"\b(?:burn(?:t|ed)|hurt|injured) (?:me|my(?:self)?|his|her|our|a child)\b",
        r"\bsmoke (?:\w+ )?(?:coming|came|comes|pour(?:s|ed|ing)) (?:from|out)\b",
        r"\bsmoke from (?:the|my|it)\b",
        r"\b(?:is|was|are|started|starts) (?:smoking|sparking|burning)\b",
        r"\b(?:explod\w+|explosion)\b",
        r"\bsparks? (?:from|out|come|came|flew|fly)\b",
    ),
    "legal": (
        r"\b(?:my|a|our) (?:lawyer|solicitor|attorney)\b",
        r"\b(?:sue|suing) (?:you|your|the (?:shop|company))\b",
        r"\b(?:take|taking|see) you (?:to|in) court\b",
        r"\blegal action\b",
        r"\bconsumer (?:protection|ombudsman)\b",
    ),
}
_PATTERNS: Final = {topic: re.compile("|".join(patterns), re.IGNORECASE) for topic, patterns in _TOPICS.items()}


def sensitive_topic(text: str | None) -> str | None:
    """The topic of this message that a person must handle: "safety", "legal", or None.

    >>> sensitive_topic("the toaster started smoking")
    'safety'
    >>> sensitive_topic("do you sell smoke detectors?") is None
    True
    """
    if not text:
        return None
    for topic, pattern in _PATTERNS.items():
        if pattern.search(text):
            return topic
    return None
