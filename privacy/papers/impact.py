"""The impact assessment, the register of use cases, and the form on which a new use of emotion is examined."""

from typing import Final

from privacy.papers.blocks import Block, Heading, Paper, Paragraph, Points, Table
from privacy.papers.facts import InForce, UseCase
from privacy.papers.record import UNSET

# Risk to the person, what the product does about it, what is left to the shop. Likelihood and harm are judged with the
# measures: low, medium, high.
_RISKS: Final = (
    (
        "A reading is wrong and the customer is treated by it",
        "Readings carry a confidence and are not acted on below a floor; facts of the dialogue count without them; the "
        "customer sees what was read, contests it, and their word outranks the model.",
        "medium",
        "low",
        "Watch the corrections; models read some groups and languages less well (see the models' cards).",
    ),
    (
        "A reading is used against the customer: price, credit, pressure, a worse place in the queue",
        "Red lines in code and tests; no price, fee or relief can know a reading; distress ends offers.",
        "low",
        "high",
        "Connect no system of your own to the readings without a new assessment.",
    ),
    (
        "Somebody is assessed who has not agreed, or cannot: minors, others in the room, staff",
        "Opt-in for each signal and each use; under 18 never; a second voice leaves the voice out; staff never.",
        "low",
        "high",
        "The age is the customer's own word.",
    ),
    (
        "Health, money troubles or other special matters are inferred from feelings",
        "Messages about them are left out before any scorer; nothing of them is derived or stored as a reading.",
        "medium",
        "medium",
        "Topics are found by rules in English; other languages are not read at all.",
    ),
    (
        "Consent is not free: asked again and again, or in a bad moment",
        "Never asked of a frustrated customer, after failures or a complaint; everything works with emotion off.",
        "low",
        "medium",
        "Offer no advantage for a yes.",
    ),
    (
        "Outsiders or staff read conversations and readings",
        "Encryption with one key for each person; rights as data; personal data taken out of transcripts; each look "
        "needs a right and an audit entry, and a reading of one person a typed purpose.",
        "low",
        "high",
        "Keep keys apart from backups; look at the audit.",
    ),
    (
        "Figures about all customers tell something about one",
        "Noise with a budget that shows, a minimum group, whole weeks, one answer for ever.",
        "low",
        "medium",
        "Somebody who comes as several guests counts as several people.",
    ),
    (
        "Data stays longer than needed, or survives an erasure",
        "A time for each type of data with a purge that reports how late it was; erasure with destroyed keys and a "
        "search of every file and table.",
        "low",
        "medium",
        "Copies outside: exports, mail, backups. The certificate lists them.",
    ),
)


def impact_assessment(now: InForce) -> Paper:
    """Art. 35 GDPR: description, necessity, risks, measures, and what people decide about it."""
    blocks: list[Block] = [
        Paragraph(
            f"As in force on {now.on.isoformat()}, version {now.version}. A draft by the product about itself: the "
            "controller judges it, fills in what only they know, and signs."
        ),
        Heading("What is done"),
        Paragraph(
            "Customers write or speak to an assistant. With consent, the signals below are scored in the moment and "
            "fused into a level of frustration from 0 to 100 with a confidence. It changes the assistant's manner, "
            "ends offers, and brings a person."
        ),
        Table(("Signal", "What the customer is told"), [(one.title, one.text) for one in now.notice.signals.values()]),
        Table(("Use", "What the customer is told"), [(one.title, one.text) for one in now.notice.uses.values()]),
        Paragraph(f"The notice in force has version {now.notice.version}."),
        Table(("What reads", "Here"), now.engines),
        Heading("Why an assessment is needed"),
        Points(
            (
                "Innovative technology that evaluates people (recital 91, criteria of WP 248): emotion, voice, face.",
                "Under the EU AI Act an emotion recognition system: transparency (Art. 50), and high risk where "
                "Annex III names it. At work and in education it is forbidden (Art. 5): staff are never assessed.",
            )
        ),
        Heading("Necessity and proportion"),
        Points(
            (
                "The same help without readings: the facts of the dialogue alone (failures, repetition, a wish for a "
                "person) bring a person too, and everything works with emotion off.",
                "The least that serves: recordings and pictures live for one turn; readings are kept for a set time.",
                "Identity and readings are stored apart and joined by a pseudonym whose key can be destroyed.",
            )
        ),
        Heading("Risks"),
        Table(("Risk", "Measures", "Likelihood", "Harm", "Left to do for the shop"), _RISKS),
        Heading("Measures in force here"),
        Table(
            ("Measure", "In force", "How"),
            [(one.name, "yes" if one.in_force else "no", one.detail) for one in now.measures],
        ),
        Heading("Decision"),
        Table(
            ("", ""),
            (
                ("Controller", now.shop or UNSET),
                ("Views of customers or their representatives", "to be filled in"),
                ("Advice of the data protection officer", "to be filled in"),
                ("Prior consultation (Art. 36) needed", "to be filled in"),
                ("Approved by, on", "to be filled in"),
                ("Next review", "to be filled in; at the latest with the next use case"),
            ),
        ),
    ]
    return Paper("impact-assessment", "Data protection impact assessment", blocks)


def use_case_register(now: InForce) -> Paper:
    """What emotion is used for, and nothing else is."""
    blocks: list[Block] = [
        Paragraph(
            f"As in force on {now.on.isoformat()}. Emotion is used for what is listed here and for nothing else: an "
            "unregistered signal or state stops the start."
        )
    ]
    for case in now.use_cases:
        blocks += [Heading(case.name), Table(("", ""), _rows(case))]
    return Paper("use-cases", "Register of use cases", blocks)


def impact_note() -> Paper:
    """The form for a new or changed use of emotion, to be filled in before it is built."""
    blank = "to be filled in"
    return Paper(
        "impact-note",
        "Impact note for a new use of emotion",
        [
            Paragraph(
                "Fill this in before anything is built, and put the answers of the last table into "
                "data/use_cases.toml afterwards. Without an approval the use does not ship."
            ),
            Heading("1. What and why"),
            Table(
                ("Question", "Answer"),
                [
                    (question, blank)
                    for question in (
                        "Name of the use, and who asks for it",
                        "What does the customer gain from it? (Not: what does the shop gain?)",
                        "What would be done without any reading, and why is that not enough?",
                        "Which one to three signals, which one to three states?",
                        "What follows from each state, and what follows from a wrong reading?",
                        "Who could be hurt by it: which groups are read less well?",
                        "What is stored anew, how long, and who sees it?",
                        "Which text of the notice changes?",
                        "How does it work with emotion off?",
                        "How is it measured, and at which figure is it switched off?",
                    )
                ],
            ),
            Heading("2. Red lines"),
            Table(
                ("Does it …", "Answer (each must be no)"),
                [
                    (question, blank)
                    for question in (
                        "touch a price, a fee, a credit, a limit or a term?",
                        "make an offer more likely because somebody is distressed?",
                        "read staff, minors, or anybody who has not agreed?",
                        "read anything about health or money troubles?",
                        "ask for a consent in a bad moment, or reward a yes?",
                        "show one person's readings without a purpose, a right and an audit entry?",
                    )
                ],
            ),
            Heading("3. Approval"),
            Table(
                ("Role", "Name, date, decision (approved, refused, approved with conditions)"),
                [(role, blank) for role in ("Owner of the use", "Data protection", "Customer service", "Engineering")],
            ),
            Heading("4. Entry in the register"),
            Table(("Field", "Value"), [(field, blank) for field in UseCase.__dataclass_fields__]),
        ],
    )


def _rows(case: UseCase) -> list[tuple[str, str]]:
    return [
        ("Question", case.question),
        ("Emotions", ", ".join(case.emotions)),
        ("Signals", ", ".join(case.signals)),
        ("States", ", ".join(case.states)),
        ("What follows", case.action),
        ("Kept", case.retention),
        ("Benefit for the customer", case.benefit),
    ]
