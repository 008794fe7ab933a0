"""Service plans: protection and services that a customer can add to what they own."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

CATEGORY: Final = "Service plans"
STOCK: Final = 9_999
"""A service does not run out; the number only says that it can always be had."""


@dataclass(frozen=True)
class Plan:
    """One plan. covers: the families' plan group, or the keys of families. years: how long it runs."""

    key: str
    title: str
    type: str
    price: Decimal
    words: str
    covers: tuple[str, ...]
    years: int


PLANS: Final = (
    Plan(
        "plan-small-2",
        "2-year protection for small appliances",
        "protection plan",
        Decimal("12.90"),
        "Repairs or replaces a small appliance for two years after the statutory warranty, wear of batteries "
        "included."
        "One call, no forms; a spare appliance bridges repairs of more than a week.",
        ("small",),
        2,
    ),
    Plan(
        "plan-small-4",
        "4-year protection for small appliances",
        "protection plan",
        Decimal("21.90"),
        "Like the two-year protection, for twice as long, and once with damage of your own making such as a "
        "drop on tiles.",
        ("small",),
        4,
    ),
    Plan(
        "plan-medium-2",
        "2-year protection for machines",
        "protection plan",
        Decimal("29.90"),
        "Covers coffee machines, vacuum cleaners, mixers and similar machines for two years: collection at "
        "the door, repair,"
        "return within ten days.",
        ("medium",),
        2,
    ),
    Plan(
        "plan-medium-4",
        "4-year protection for machines",
        "protection plan",
        Decimal("49.90"),
        "Four years of collection, repair and return for machines, with one free maintenance in the third year.",
        ("medium",),
        4,
    ),
    Plan(
        "plan-large-2",
        "2-year protection for large appliances",
        "protection plan",
        Decimal("59.90"),
        "A technician comes to your home within three working days. Travel, work and parts are covered for two years.",
        ("large",),
        2,
    ),
    Plan(
        "plan-large-5",
        "5-year protection for large appliances",
        "protection plan",
        Decimal("119.00"),
        "Five years of technician visits without further cost; if a repair does not pay, you get a device of "
        "the same class.",
        ("large",),
        5,
    ),
    Plan(
        "plan-screen",
        "Screen protection for laptops and tablets",
        "protection plan",
        Decimal("39.90"),
        "Pays for one broken screen and one spilt drink within two years, whoever was to blame.",
        ("laptop", "tablet"),
        2,
    ),
    Plan(
        "plan-descale",
        "Descaling service for coffee machines",
        "maintenance service",
        Decimal("34.90"),
        "We collect the machine, descale it, change its seals and test pressure and temperature. Back within "
        "five days.",
        ("espresso", "filtercoffee"),
        1,
    ),
    Plan(
        "plan-checkup",
        "Check-up for washing machines and dishwashers",
        "maintenance service",
        Decimal("49.90"),
        "A technician cleans pump and hoses, checks seals and bearings and tells you honestly what comes next.",
        ("washer", "dryer", "dishwasher"),
        1,
    ),
    Plan(
        "plan-install-large",
        "Connection and removal of the old appliance",
        "installation service",
        Decimal("39.90"),
        "Two people carry, connect, level and test the new appliance and take the old one along for recycling.",
        ("washer", "dryer", "dishwasher", "fridge", "freezer", "oven", "hob"),
        1,
    ),
    Plan(
        "plan-install-tv",
        "Wall mounting and set-up of televisions",
        "installation service",
        Decimal("69.90"),
        "Mounting on concrete or plasterboard, cables out of sight, channels sorted, an explanation in plain words.",
        ("tv", "projector"),
        1,
    ),
    Plan(
        "plan-robot",
        "Yearly care for robot vacuums",
        "maintenance service",
        Decimal("29.90"),
        "Cleaning of sensors and gears, new side brushes and a battery test by post; the box is sent to you.",
        ("robot",),
        1,
    ),
)
