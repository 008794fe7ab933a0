"""Vacuum cleaners and robots."""

from typing import Final

from shop.family import Family, extra, model, spare

CLEANING: Final = (
    Family(
        key="vacuum",
        category="Vacuum cleaners",
        type="vacuum cleaner",
        axis="colour",
        closing="It reaches {reach} from the socket at {noise}; dust goes into {dust}.",
        models=(
            model(
                "Norrvale Sug",
                99,
                116,
                """A bagged cylinder vacuum for flats with many corners. Light on its wheels, and the hose turns
                without knots.""",
                "black, blue",
                reach="9 metres",
                noise="68 dB",
                dust="a 3 litre bag",
                power="700 W",
            ),
            model(
                "Brunnholt Allergy",
                179,
                209,
                """Sealed housing and a fine filter keep pollen and mite dust inside. The turbo brush takes dog hair
                off carpets in one pass.""",
                "white, red",
                reach="11 metres",
                noise="65 dB",
                dust="a 4 litre bag",
                power="800 W",
                filter="HEPA 13",
                good_for="pets and allergies",
            ),
        ),
        parts=(
            spare(
                "vacuum filter",
                13,
                18,
                """Exhaust filter for the {model}. Change it once a year, or when the air smells of dust although
                the bag is new.""",
                change_every="12 months",
            ),
            spare(
                "vacuum hose",
                29,
                37,
                """Complete suction hose with handle for the {model}. For cracks near the handle that whistle.""",
                length="1.8 m",
            ),
        ),
        accessories=(
            extra(
                "vacuum bags",
                11,
                14,
                """Fleece bags that do not tear and close with a slide when taken out.""",
                content="8 bags",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="cordless",
        category="Vacuum cleaners",
        type="cordless vacuum cleaner",
        axis="colour",
        closing="It runs for {runtime}, charges in {charging} and weighs {weight}.",
        models=(
            model(
                "Zephrin Stick",
                199,
                229,
                """A cordless vacuum with lights in front that show what lies on the parquet. Turns into a hand
                vacuum for car seats.""",
                "white, violet",
                runtime="45 minutes",
                charging="4 hours",
                weight="2.4 kg",
            ),
            model(
                "Zephrin Stick Pro",
                349,
                389,
                """Measures dust and doubles its power where it is needed. Two batteries, so that a big house is one
                round.""",
                "black, copper",
                runtime="2 × 50 minutes",
                charging="3.5 hours",
                weight="2.7 kg",
                good_for="pets",
            ),
        ),
        parts=(
            spare(
                "vacuum battery",
                59,
                72,
                """Click-in battery for the {model}. When twenty minutes have become eight, the cells are worn, not
                the motor.""",
                voltage="25.2 V",
            ),
            spare(
                "brush roll",
                22,
                28,
                """Soft roller with bristles for the floor head of the {model}. Comes out with a coin.""",
                width="24 cm",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="robot",
        category="Vacuum cleaners",
        type="robot vacuum",
        axis="colour",
        closing="It covers {area} on a charge, climbs {sill} and is {height} high.",
        models=(
            model(
                "Tindral Scout",
                259,
                299,
                """A robot that maps by laser and works in straight lines. Rooms and no-go zones are drawn on the
                phone; the map stays in the house.""",
                "white, black",
                area="120 m²",
                sill="18 mm",
                height="9.5 cm",
            ),
            model(
                "Tindral Scout Mop",
                429,
                489,
                """Vacuums and mops, and lifts the cloth when it meets a carpet. The station empties the dust and
                needs attention every two months.""",
                "white, black",
                area="180 m²",
                sill="20 mm",
                height="9.8 cm",
                mop="yes",
                good_for="pets",
            ),
        ),
        parts=(
            spare(
                "side brush",
                9,
                12,
                """Side brushes for the {model}, which sweep crumbs out of corners.""",
                content="2 pieces",
            ),
            spare(
                "robot battery",
                45,
                55,
                """Battery pack for the {model}; four screws and ten minutes.""",
                voltage="14.4 V",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="windowvac",
        category="Vacuum cleaners",
        type="window vacuum",
        axis="colour",
        closing="It cleans {area} on a charge and weighs {weight}.",
        models=(
            model(
                "Zephrin Pane",
                49,
                58,
                """Sucks water off panes, tiles and mirrors before it can run. The narrow blade for lattice windows
                is in the box.""",
                "white, petrol",
                area="105 m²",
                weight="590 g",
            ),
        ),
        plan="small",
    ),
    Family(
        key="steammop",
        category="Vacuum cleaners",
        type="steam mop",
        axis="colour",
        closing="It is hot in {heat_up} and the tank of {tank} lasts for a flat.",
        models=(
            model(
                "Zephrin Mist",
                84,
                98,
                """Cleans sealed floors with steam alone, without any chemicals. Two washable cloths; one is drying
                while the other one works.""",
                "white, violet",
                heat_up="30 seconds",
                tank="0.6 litres",
                power="1500 W",
            ),
        ),
        plan="small",
    ),
)
