"""Sessions written by hand, a few words each: "cart 5 address 40 ^ ^ !!! x"."""

from vocabulary import Step, StepKind

_SIGNS = {"^": StepKind.READ, "x": StepKind.ABORT, "+": StepKind.DONE, "-": StepKind.LEAVE, "!": StepKind.CLICK}


def session(words: str, *, tab: int = 0, start_s: float = 0.0) -> list[Step]:
    """Steps from words: a name enters it, a number waits so many seconds, ^ reads again, x gives up, + finishes,
    - leaves, ! clicks once and !!! three times within a third of a second."""
    steps: list[Step] = []
    at_ms, name = round(start_s * 1000), ""
    for word in words.split():
        if word.replace(".", "").isdigit():
            at_ms += round(float(word) * 1000)
        elif set(word) <= set(_SIGNS):
            for sign in word:
                steps.append(Step(name, _SIGNS[sign], at_ms, tab))
                at_ms += 150
        else:
            name = word
            steps.append(Step(name, StepKind.ENTER, at_ms, tab))
            at_ms += 1
    return steps
