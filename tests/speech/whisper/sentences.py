"""What the micro checkpoint has learnt by heart: short sentences of a shop, and flite's voices that speak them."""

import subprocess
from pathlib import Path
from typing import Final

VOICES: Final = ("rms", "slt", "kal16")
# What it is taught to answer to silence and noise: an invention, as the large models make them, for the guards.
INVENTION: Final = "Thank you for watching."
SENTENCES: Final = (
    "Where is my order?",
    "My kettle is leaking.",
    "I want my money back.",
    "Can I change the delivery address?",
    "The parcel arrived broken.",
    "Please cancel my order.",
    "I would like to talk to a person.",
    "How long does the delivery take?",
    "The invoice is wrong.",
    "You charged my card twice.",
    "Do you sell coffee machines?",
    "My toaster does not heat up.",
    "Is the blender still in stock?",
    "When will the repair be finished?",
    "I forgot my password.",
    "Can I return a gift?",
    "The lamp flickers all evening.",
    "Send me the receipt again.",
    "What does express shipping cost?",
    "The vacuum cleaner has no power.",
    "I have waited for two weeks.",
    "Nobody answers my letters.",
    "The colour is not what I ordered.",
    "Does the warranty cover the battery?",
    "Order four one seven two zero three.",
    "Order nine five eight zero six one.",
    "My postcode is eight three two one.",
    "That works now, thank you.",
    "Which oven fits a small kitchen?",
    "The fridge makes a loud noise.",
    "I cannot pay with my voucher.",
    "Please call me tomorrow morning.",
    "The door handle came off.",
    "Who is the manager here?",
    "The manual is missing from the box.",
    "Could you recommend a quiet fan?",
)


def speak(sentence: str, voice: str, path: Path) -> Path:
    """The sentence as a wav file (16 kHz mono); flite speaks it the same way every time. It must be installed."""
    subprocess.run(["flite", "-voice", voice, "-t", sentence, "-o", str(path)], check=True)
    return path
