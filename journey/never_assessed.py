"""What emotion is never assessed about: topics that are nobody's business, and people who are not of age. Pure.

Read from the words themselves, in English, before anything is scored. A turn that is left out by mistake costs one
reading; one that is scored by mistake cannot be taken back. So in doubt a pattern matches, except for sayings that are
common in complaints ("sick of waiting", "I'm 15 minutes late").
"""

import re
from typing import Final

from vocabulary import OF_AGE

_HEALTH: Final = (
    r"\b(?:cancer|tumou?rs?|leuk(?:a)?emia|chemo(?:therapy)?|radiotherapy|palliative|hospice)\b",
    r"\b(?:diabet\w+|epilep\w+|asthma\w*|dementia|alzheimer'?s?|parkinson'?s?|hiv|covid|tuberculosis|hepatitis)\b",
    r"\b(?:depress(?:ion|ed|ive)|bipolar|schizo\w+|autis\w+|adhd|ptsd|anorexi\w+|bulimi\w+|burn[- ]?out)\b",
    r"\b(?:anxiety|panic attacks?|nervous breakdown|suicid\w+|self[- ]harm\w*|kill myself|end my life)\b",
    r"\b(?:pregnan\w+|miscarriage|stillborn|abortion|ivf)\b",
    r"\b(?:disabilit\w+|wheelchair|amput\w+|paraly[sz]ed|blindness|deaf(?:ness)?)\b",
    r"\b(?:i'?m|i am|legally|partially|severely) (?:disabled|blind)\b",
    r"\bdisabled (?:person|people|child|son|daughter)\b",
    r"\b(?:hospital|surgery|surgeon|psychiatr\w+|psycholog\w+|therapist|psychotherapy|rehab|dialysis|transplant)\b",
    r"\b(?:diagnosed with|my diagnosis|prescri(?:bed|ption)|medication|antidepressants?|insulin|painkillers?)\b",
    r"\bmy (?:\w+ )?(?:doctor|gp|physician|illness|disease|allerg(?:y|ies)|health|mental health|condition)\b",
    r"\b(?:i'?m|i am|been|was|were|is|are|feel(?:ing)?|fell|got|very|seriously|terminally|chronically) "
    r"(?:so |too |very )?(?:ill|unwell|sick(?! (?:of|and tired)\b))\b",
    r"\b(?:sick leave|sick note|heart (?:attack|failure|disease|condition)|(?:had|after) a stroke|migraines?)\b",
    r"\b(?:passed away|funeral|bereave\w+|terminal illness)\b",
    r"\b(?:he|she|who|mother|father|mum|mom|dad|parents?|husband|wife|partner|son|daughter|brother|sister|friend|baby) "
    r"(?:has |have |had |is |just |recently )*(?:died|dying)\b",
)
_CANNOT: Final = r"can(?:no|')?t|cannot|can not|couldn'?t|unable to"
_HARDSHIP: Final = (
    rf"\b(?:{_CANNOT}|no longer) (?:\w+ ){{0,2}}afford\b(?! to (?:wait|lose|miss|be)\b)",
    rf"\b(?:{_CANNOT}) (?:\w+ ){{0,2}}pay (?:\w+ ){{0,2}}(?:rent|bills?|mortgage|rates?|instal?ments?|loans?|back|"
    r"this month|any more|anymore)\b",
    r"\b(?:in|into|my|deep in|so much) debts?\b|\bdebt (?:collectors?|advice|counsell?\w+)\b|\bover-?indebted\b",
    r"\b(?:bankrupt\w*|insolven\w+|evict\w+|homeless\w*|foreclos\w+|repossess\w*|bailiffs?)\b",
    r"\b(?:lost|losing) (?:my|his|her|our) (?:job|work|home|income)\b",
    r"\b(?:laid off|made redundant|unemploy\w+|jobless)\b",
    r"\b(?:food bank|food stamps?|on (?:benefits|welfare|social security)|payday loan|overdrawn)\b",
    r"\b(?:make|making) ends meet\b|\bno money (?:left|for|to)\b|\bmoney is (?:very |so )?(?:tight|short)\b",
    r"\b(?:i'?m|i am|we'?re|we are) (?:\w+ )?(?:broke|skint|penniless|destitute)\b",
    r"\b(?:financial|money) (?:hardship|trouble|troubles|difficult\w+|problems?|distress|worries)\b",
    r"\bbehind (?:on|with) (?:\w+ ){0,2}(?:rent|bills?|mortgage|payments?|instal?ments?|rates?)\b",
)
_PATTERNS: Final = (*_HEALTH, *_HARDSHIP)
_TOPICS: Final = re.compile("|".join(_PATTERNS), re.IGNORECASE)
# Every match holds one of these. Most messages hold none, and looking for them takes a hundredth of the time.
_HINTS: Final = tuple(
    """
    cancer tumo leuk chemo radiotherapy palliative hospice diabet epilep asthma dementia alzheimer parkinson hiv covid
    tuberculosis hepatitis depress bipolar schizo autis adhd ptsd anorexi bulimi burn anxiety panic breakdown suicid
    harm myself life pregnan miscarriage stillborn abortion ivf disab wheelchair amput paraly blind deaf hospital
    surge psych therapist rehab dialysis transplant diagnos prescri medication antidepress insulin painkiller doctor gp
    physician ill disease allerg health condition well sick heart stroke migraine passed funeral bereave died dying
    afford pay debt bankrupt insolven evict homeless foreclos repossess bailiff lost losing laid redundan employ jobless
    food benefits welfare social overdrawn ends money broke skint penniless destitute financial behind
    """.split()  # noqa: SIM905 - so many quoted words are harder to read
)

_NUMBERS: Final = {
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
}
_YOUNGEST: Final = 5
"""Below this a number is a count of something rather than the age of somebody who writes."""

_YEARS: Final = rf"(?:\d{{1,2}}|{'|'.join(_NUMBERS)})"
_OLD: Final = r"(?:[- ]?years?[- ]old|[- ]?yrs?(?:[- ]old)?|[- ]?y/?o)"
_I_AM: Final = r"\b(?<!when )(?<!if )(?<!like )(?:i'?m|i am|i have just turned|i just turned|i turned)"
_AGE: Final = re.compile(
    # "I'm 15", and nothing after it that would be counted: minutes, euros, kilometres.
    rf"{_I_AM} (?:only |just |still |a |an |actually )*({_YEARS})"
    rf"(?:{_OLD}\b|(?= (?:and|but|so|now|btw|though|or|years? of age)\b)|(?=\s*(?:[.,;:!?)]|$)))",
    re.IGNORECASE,
)
_MINOR: Final = re.compile(
    r"\b(?:i'?m|i am|as) (?:\w+ )?(?:a minor|a child|a kid|under ?age|(?:under|not|not yet) (?:18|eighteen)|"
    r"not (?:yet )?of age)\b(?! at heart)",
    re.IGNORECASE,
)


def is_never_assessed(text: str | None) -> bool:
    """Whether these words are about health or money troubles, so that nothing of their turn may be scored.

    Which of the two is not said: it would be kept.

    >>> is_never_assessed("I lost my job and can't pay the rent")
    True
    >>> is_never_assessed("I'm sick of waiting")
    False
    """
    if not text:
        return False
    plain = _plain(text)
    folded = plain.casefold()
    return any(hint in folded for hint in _HINTS) and _TOPICS.search(plain) is not None


def says_under_age(text: str | None) -> bool:
    """Whether the writer says to be under 18.

    >>> says_under_age("I'm 15, can I order this?")
    True
    >>> says_under_age("I'm 15 minutes late")
    False
    """
    if not text:
        return False
    plain = _plain(text)
    if _MINOR.search(plain):
        return True
    ages = (found.group(1).lower() for found in _AGE.finditer(plain))
    return any(_YOUNGEST <= (_NUMBERS.get(age) or int(age)) < OF_AGE for age in ages)


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").split())
