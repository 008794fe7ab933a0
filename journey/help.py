"""When help is offered to somebody who has not asked: plain thresholds over what happened in the shop's page. Pure."""

from collections.abc import Sequence
from typing import Final

from vocabulary import Step, StepKind, Visit, latest

MOVES_TO_AND_FRO: Final = 5
ABORTS: Final = 2
BURSTS: Final = 2
SIGNS_IN_ONE_STEP: Final = 4
LONG_STAY_S: Final = 90.0
LONG_STAY_RATIO: Final = 4.0
REREADS_IN_A_LONG_STAY: Final = 2


def offers_help(steps: Sequence[Step]) -> bool:
    """Whether the last ten minutes look as if something is in the way; docs/decisions/0091-proactive-help.md.

    Any one of these, and the newest step is not one that was just finished:

    | sign                                              | from |
    |---------------------------------------------------|------|
    | moves to and fro between the same two steps       | 5    |
    | steps given up                                    | 2    |
    | bursts of three or more quick clicks              | 2    |
    | returns, rereads, aborts and bursts in one step   | 4    |
    | 90 s in one step, four times the usual, read again | 2   |

    No emotion is read here, and no model: the rule must hold where nobody is scored. Whether help may be offered at
    all (consent, once, no hand-over) is the caller's business.
    """
    recent = latest(steps)
    if not recent or recent[-1].kind is StepKind.DONE:
        return False
    visit = Visit.of(recent)
    return (
        visit.back_and_forth >= MOVES_TO_AND_FRO
        or visit.aborts >= ABORTS
        or visit.rapid_bursts >= BURSTS
        or visit.signs_there >= SIGNS_IN_ONE_STEP
        or (
            visit.longest_stay_s >= LONG_STAY_S
            and visit.stay_ratio >= LONG_STAY_RATIO
            and visit.rereads >= REREADS_IN_A_LONG_STAY
        )
    )
