"""Yes and no in a customer's own words."""

import re
from typing import Final

AGREES: Final = re.compile(
    r"\s*(?:yes|yeah|yep|yup|sure|ok|okay|please|correct|right|exactly|absolutely|definitely|go ahead|do it|"
    r"that'?s (?:it|right|correct))\b",
    re.IGNORECASE,
)
NEGATES: Final = re.compile(r"\b(?:not|no|never|don'?t|do not|stop|wait|but)\b", re.IGNORECASE)
DENIES: Final = re.compile(
    r"\s*(?:no|nope|nah|wrong|incorrect|not (?:quite|right|that|correct)|that'?s (?:not|wrong))\b", re.IGNORECASE
)
CORRECTS: Final = re.compile(r"\b(?:no|sorry|i mean|i meant|correction|wait|actually|rather|instead)\b", re.IGNORECASE)
"""Between two numbers: the second one is meant."""
