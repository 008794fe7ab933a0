"""Cables, batteries and sockets."""

from typing import Final

from shop.family import Family, extra, model

POWER: Final = (
    Family(
        key="hdmi",
        category="Cables and power",
        type="hdmi cable",
        axis="length",
        closing="It carries {carries} and is {sheath}.",
        models=(
            model(
                "Marlowick Link",
                9,
                12,
                """An HDMI cable for 4K at 120 Hz, with plugs short enough for a television close to the wall.""",
                "1 metre, 2 metres +3, 5 metres +11",
                carries="48 Gbit/s",
                sheath="braided",
            ),
        ),
    ),
    Family(
        key="usbc",
        category="Cables and power",
        type="usb-c cable",
        axis="length",
        closing="It charges with up to {power} and moves {speed}.",
        models=(
            model(
                "Marlowick Flow",
                9,
                12,
                """A soft USB-C cable that does not break at the plug: twenty thousand bends in the test machine.""",
                "1 metre, 2 metres +4, 3 metres +7",
                power="100 W",
                speed="480 Mbit/s",
            ),
        ),
    ),
    Family(
        key="powerstrip",
        category="Cables and power",
        type="power strip",
        axis="sockets",
        closing="It has {protection} and a cable of {cable}.",
        models=(
            model(
                "Marlowick Row",
                19,
                24,
                """A power strip with a switch for the foot and sockets far enough apart for chargers.""",
                "4 sockets, 6 sockets +6",
                protection="surge protection",
                cable="1.5 metres",
            ),
            model(
                "Marlowick Garden",
                34,
                41,
                """An outdoor power strip on a spike with rubber lids, for fountain, lights and lawn mower.""",
                "4 sockets",
                protection="splash protection IP44",
                cable="5 metres",
                use="garden",
            ),
        ),
    ),
    Family(
        key="battery",
        category="Cables and power",
        type="battery",
        axis="size",
        closing="In a box of {content}, {shelf_life}.",
        models=(
            model(
                "Quarnell Cell",
                6,
                8,
                """Alkaline batteries for remote controls, clocks and scales, packed in cardboard.""",
                "AA, AAA, C +3",
                content="8",
                shelf_life="good for ten years on the shelf",
            ),
            model(
                "Quarnell Loop",
                17,
                21,
                """Rechargeable batteries that keep most of their charge over a year in the drawer.""",
                "AA, AAA",
                content="4",
                shelf_life="good for 2,100 charges",
                rechargeable="yes",
            ),
        ),
        accessories=(
            extra(
                "battery charger",
                22,
                27,
                """A charger that treats each of its four batteries alone and says which one is worn.""",
                slots="4 × AA or AAA",
            ),
        ),
    ),
)
