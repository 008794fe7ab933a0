"""Word patterns of a talk: what an assistant's reply admits, and how a customer reacts to one.

Common words of service talk in English, of no trade in particular; all want lower case and straight apostrophes.
A pattern says what it may show, never what it proves: `emotion/text/context.py` weighs them.
"""

import re
from typing import Final


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b")


_HARMLESS: Final = r"(?! (?:charges?|fees?|extra|costs?|problems?|need|worries|rush|hurry|doubt|obligation|limit))"

NO_ANSWER: Final = _words(
    r"can(?:no|')?t|could(?: not|n'?t)|(?:was|were|am|are|is|i'm|we're)(?: not|n'?t) able to|unable|unsuccessful",
    rf"there(?: is|'s| are| was| were) (?:no{_HARMLESS}|not|none|nothing)|there (?:isn|aren|wasn|weren)'?t",
    r"(?:do|does|did)(?: not|n'?t) (?:\w+ )?(?:have|find|see|know|understand|offer|allow|exist|seem|work|get that"
    r"|catch)",
    r"not (?:available|possible|found|sure|certain|listed|supported|quite sure|allowed)|unavailable|out of stock",
    r"sold out",
    r"no (?:\w+ ){0,4}(?:match\w*|available|found|results?|options?|luck|information|record|such|longer)",
    r"nothing (?:\w+ ){0,2}(?:match\w*|available|found|like|that)|none (?:\w+ ){0,3}(?:match\w*|available|of)",
    r"fail(?:ed|s|ure)?|declined|rejected|fully booked|booked up|went wrong|try again|rephrase",
)
"""The assistant has nothing to give, or does not understand."""

APOLOGY: Final = _words(r"unfortunately|sadly|regrettably|i'?m afraid|sorry|apologi[sz]e|apologies")

DONE: Final = _words(
    r"success(?:ful|fully)?|confirm(?:ed|ation)|all set|completed?|reference(?: number| code)?|booked|reserved",
    r"scheduled",
    r"(?:has|have|was|were|i've|we've)(?: been)? (?:\w+ )?"
    r"(?:cancel+ed|refunded|sent|placed|changed|updated|processed|made|added|fixed|replaced|solved|resolved)",
    r"on (?:its|the) way|here (?:is|are|you go)",
)
"""The assistant reports something as done."""

OFFERS_MORE: Final = _words(
    r"(?:any|some|what)(?:thing)? ?else|(?:any|some)(?:thing)? (?:further|other|more)(?: \w+)?"
    r" (?:help|assist\w*|information|questions?)",
    r"else (?:i|we) can|assist(?:ance)? (?:you )?(?:further|with anything)|more help",
    r"help you with (?:today|anything)",
)
"""The assistant takes the request as settled."""

ANOTHER_WAY: Final = _words(r"but|however|instead|would you|shall i|should i|do you want|can i|could i|may i|how about")
"""The assistant offers something in place of what it does not have."""

NEGATION: Final = re.compile(
    r"\b(?:no|not|nope|nah|none|nothing|never|nobody|neither|nor|cannot|without|cant|dont|didnt|isnt|wont|doesnt)\b"
    r"|n't\b"
)

CLOSING: Final = re.compile(
    r"^\W*(?:(?:no|nope|nah)\b[\s,.!]*)?(?:(?:thanks?(?: you)?|thx)\b"
    r"|that(?:'s| is|'ll| will)(?: be)? (?:all|it|everything)\b|(?:i'?m|we'?re) (?:all )?(?:good|set|fine|done)\b"
    r"|nothing (?:else|more)\b|not (?:right now|at (?:the|this) (?:moment|time))\b|(?:good ?)?bye\b)"
)
"""A polite end: its "no" turns nothing down."""

THANKS: Final = _words(
    r"thanks?|thank you|thx|ty|cheers|appreciate\w*|grateful|sounds (?:good|great|fun|perfect|interesting)",
    r"(?:good ?)?bye",
    r"great|perfect|awesome|wonderful|excellent|lovely|brilliant|fantastic|amazing|nice|cool|yay|love (?:it|that)",
    r"good (?:choice|idea|one|job|work)|that (?:works|helped|helps)",
)

PRAISE: Final = _words(
    r"great|perfect|awesome|wonderful|excellent|lovely|brilliant|fantastic|amazing|fabulous|superb|nice|marvell?ous",
    r"good (?:job|work)|well done|congratulations|how (?:helpful|useful|kind)|(?:so|very|really) (?:helpful|useful)",
    r"thanks for nothing",
)
"""Praise that may mean its opposite after a failure."""

AGAIN: Final = _words(
    r"again|another|still|as (?:always|usual|ever)|once more|yet|of course|not|no|nothing|just what i"
)
"""What makes praise of a failure sound bitter."""

CORRECTS: Final = _words(
    r"(?:i|we)(?:'d| had|'ve| have)? (?:just |already |literally |clearly |specifically |actually |also )*"
    r"(?:said|meant|asked|told|mentioned|specified|wanted|stated|requested|explained|gave|given|did mean|typed)",
    r"already|like i said|as i said|misunder\w+|misread|mixed up|mix-?up|confus\w+|clarify|to be clear|correction",
    r"wrong|incorrect|mistaken?|not (?:right|correct|true|what)|(?:that|this|it)(?:'s|s| is)? not",
    r"isn'?t (?:right|what|correct)",
    r"instead of|rather than|no,? (?:i|it|that|the|not|we|my|make)",
    r"(?:do|did|are|can)(?: you|n'?t you| you not) (?:even )?(?:understand|hear|read|listen|see|get)",
    r"(?:didn|don|aren|can|weren|haven)'?t you",
)

DOUBTS: Final = _words(
    r"you (?:absolutely |really |quite )?(?:sure|certain|positive)|double[- ]?check|once more|one more time|again",
    r"(?:is|are) there (?:really )?(?:no|nothing|none)|nothing at all|none at all|no (?:\w+ )?at all|really\?",
    r"seriously",
    r"how come|why (?:not|is|can'?t|don'?t|isn'?t|are|do|did|won'?t)|(?:seems|sounds) (?:odd|strange|weird|wrong)",
    r"hm+|huh|wow",
)

INSISTS: Final = _words(
    r"just|only|really|still|even|must|has to|have to|had to|at least|specifically|exactly|needs? (?:it )?to",
    r"make sure",
)

OTHERWISE: Final = _words(
    r"how about|what about|what if|try|another|different|other|others|instead",
    r"anything (?:with|in|that|cheaper|similar)",
    r"something else|any chance|alternatives?|switch|change",
)

GIVES_UP: Final = _words(
    r"never ?mind|forget (?:it|about|that|this)|give up|giving up|start (?:over|again)|from the (?:beginning|start)",
    r"no use",
    r"pointless",
    r"i(?:'ll| will) (?:\w+ )?(?:call|go|look|find|do|try|figure|check) (?:\w+ )?(?:elsewhere|myself|somewhere"
    r"|someone)",
    r"whatever|i guess|too bad|disappoint\w+|bummer|shame|unfortunate(?:ly)?|oh well",
    r"not (?:helpful|helping|working|useful)",
)

OWN_APOLOGY: Final = _words(r"sorry|apologi[sz]e|apologies|my (?:mistake|bad|fault)|oops|pardon|excuse me|forgive")

NO_MATTER: Final = _words(
    r"(?:do(?: not|n'?t)|does(?: not|n'?t)|not) (?:really |particularly |much )?(?:care|matter|mind|have (?:a"
    r"|any) preference)",
    r"no (?:particular |real |specific )?preferences?|whichever",
    r"any(?:thing|where|time|one)? (?:is|will be|works|would be)",
)

NOT_FOR_ME: Final = _words(
    r"(?:do|did)(?: not|n'?t) (?:really |particularly |much )?(?:like|love|enjoy|want|need|care for)|hate[ds]?",
    r"dislike[ds]?",
    r"not (?:a (?:big |huge )?fan|my|into|interested|for me|really|looking for)|boring|terrible|awful|worst",
    r"never heard of",
    r"(?:already|have|i've) (?:seen|watched|tried|got|own|read|bought)|too (?:\w+)",
)

_UNIT: Final = (
    r"(?:\w+ )?(?:people|persons?|guests?|adults?|tickets?|nights?|days?|of (?:us|them)|rooms?|pieces|copies)"
)
_COUNT: Final = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten)"

DETAILS: Final = (
    (
        _words(r"(?:what|which) time|time (?:would|do|should|will|are|did)|when (?:would|do|will|should|are|did)"),
        _words(r"\d{1,2}[:.]\d\d|\d{1,2} ?(?:am|pm|o'clock)|noon|midnight|morning|afternoon|evening|tonight"),
    ),
    (
        _words(r"(?:what|which) (?:day|date)|(?:day|date) (?:would|do|will|should|are|did|of)"),
        _words(
            r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|yesterday|next week|\d{1,2}(?:st|nd|rd|th)",
            r"\d{1,2}[./]\d{1,2}(?:[./]\d+)?",
        ),
    ),
    (
        _words(r"how many|number of (?:people|guests|nights|days|tickets|items|persons)|quantity|party size"),
        _words(rf"{_COUNT} {_UNIT}|just me|myself|alone|me and"),
    ),
    (
        _words(r"price|budget|how much|spend"),
        _words(
            r"cheap\w*|expensive|moderate\w*|budget|inexpensive|affordable|luxur\w+|under \d+",
            r"[$£€]?\d+ ?(?:dollars|pounds|euros?|bucks)",
        ),
    ),
    (
        _words(r"(?:order|booking|customer|account|reference|tracking|ticket|invoice) (?:number|id|no)"),
        re.compile(r"(?<!\w)#?(?=[a-z-]*\d)[a-z0-9-]{5,}\b"),
    ),
    (_words(r"e-?mail(?: address)?"), re.compile(r"\S@\S")),
    (_words(r"(?:tele)?phone number|number to (?:call|reach)|mobile number"), re.compile(r"\+?\d[\d ()/-]{6,}\d")),
)
"""Things that assistants ask for: how the question names one, how a customer's words give it."""
