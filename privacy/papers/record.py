"""The record of processing and the retention table, from the list of places and the periods in force."""

from datetime import timedelta
from typing import Final

from privacy.papers.blocks import Block, Heading, Paper, Paragraph, Points, Table
from privacy.papers.facts import InForce, Measure
from privacy.places import KEPT, LIVE, Basis, Holder, Outcome, Place

_BASIS: Final = {
    Basis.CONTRACT: "contract with the person (Art. 6(1)(b))",
    Basis.CONSENT: "consent (Art. 6(1)(a), Art. 9(2)(a) where a signal is biometric or tells about health)",
    Basis.LEGAL: "legal duty (Art. 6(1)(c))",
    Basis.INTEREST: "legitimate interest (Art. 6(1)(f))",
    Basis.NONE: "no personal data",
}
_HOLDER: Final = {
    Holder.CUSTOMER: "customers, under a pseudonym",
    Holder.ACCOUNT: "holders of an account",
    Holder.EMAIL: "buyers, by their address",
    Holder.NOBODY: "nobody",
}
_OUTCOME: Final = {
    Outcome.DELETED: "deleted",
    Outcome.UNREADABLE: "made unreadable: its key is destroyed",
    Outcome.STRIPPED: "the personal part is deleted",
    Outcome.KEPT: "kept",
    Outcome.NONE: "nothing to do",
}
UNSET: Final = "not set"


def record_of_processing(now: InForce) -> Paper:
    """Art. 30 GDPR: who processes what, of whom, why, for how long, how protected."""
    personal = [place for place in now.places if place.holder is not Holder.NOBODY]
    blocks: list[Block] = [
        Paragraph(
            f"As in force on {now.on.isoformat()}, version {now.version}. Generated from the list of places that an "
            "erasure and an export go by."
        ),
        Heading("Who answers for it"),
        Table(
            ("", ""),
            (
                ("Controller", now.shop or f"{UNSET}: ATTUNE_CONTROLLER"),
                ("Contact for questions about data", now.contact or f"{UNSET}: ATTUNE_PRIVACY_CONTACT"),
                ("Recipients outside", _recipients(now)),
                ("Transfers to third countries", "none by the product itself; check the recipients above"),
                ("Automated decisions with legal effect (Art. 22)", "none"),
            ),
        ),
        Heading("Processing activities"),
        Table(
            ("What", "Why", "Of whom", "Lawful because of", "How long", "At an erasure"),
            [
                (
                    place.title,
                    place.purpose,
                    _HOLDER[place.holder],
                    _BASIS[place.basis],
                    how_long(place, now),
                    _OUTCOME[place.outcome],
                )
                for place in personal
            ],
        ),
        Heading("Technical and organisational measures"),
        Table(
            ("Measure", "In force", "How"),
            [(one.name, "yes" if one.in_force else "no", one.detail) for one in now.measures],
        ),
        Heading("Who may do what"),
        Table(("Caller", "Rights"), [(who, ", ".join(rights) or "none") for who, rights in now.rights.items()]),
        Heading("Settings that bear on people's data"),
        Table(("Setting", "Value", "Meaning"), now.settings),
        Heading("Places without personal data"),
        Points(
            [f"{place.title}: {place.purpose}" for place in now.places if place.holder is Holder.NOBODY] or ["none"]
        ),
    ]
    return Paper("record-of-processing", "Record of processing activities", blocks)


def retention_table(now: InForce) -> Paper:
    """Every type of data with its time, its beginning and where it lies."""
    rows = []
    for place in now.places:
        where = [*place.personal, *(table for table in place.other if table not in place.personal), *place.files]
        after = now.periods[place.period].after if place.period in now.periods else "–"
        rows.append((place.title, how_long(place, now), after, _OUTCOME[place.outcome], ", ".join(where) or "–"))
    return Paper(
        "retention",
        "Retention table",
        [
            Paragraph(
                f"As in force on {now.on.isoformat()}. What is past its time is deleted by the web process; "
                "`attune privacy purge` does the same by hand and reports how late it was. ATTUNE_RETENTION changes "
                f"the times. Requests of people about their data are answered within {now.request_days} days."
            ),
            Table(("What", "How long", "Counted from", "At an erasure", "Tables and files"), rows),
        ],
    )


def how_long(place: Place, now: InForce) -> str:
    """The time of a place in words."""
    if place.period == LIVE:
        return "deleted as soon as its work is done"
    if place.period == KEPT:
        return "as long as the installation"
    return length_in_words(now.periods[place.period].length)


def length_in_words(length: timedelta) -> str:
    """Days where it is whole days, else hours or minutes.

    >>> length_in_words(timedelta(days=30)), length_in_words(timedelta(hours=1)), length_in_words(timedelta(minutes=5))
    ('30 days', '1 hour', '5 minutes')
    """
    minutes = int(length.total_seconds() // 60)
    for unit, size in (("day", 24 * 60), ("hour", 60)):
        if minutes % size == 0:
            count = minutes // size
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{minutes} minute{'' if minutes == 1 else 's'}"


def _recipients(now: InForce) -> str:
    outside = [one.name.partition(": ")[2] + " through " + one.detail for one in now.measures if _sends(one)]
    return "; ".join(outside) or "none: nothing is sent to others"


def _sends(measure: Measure) -> bool:
    return measure.in_force and measure.name.startswith("Sending outside: ")
