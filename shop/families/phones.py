"""What belongs to a telephone."""

from typing import Final

from shop.family import Family, model

PHONES: Final = (
    Family(
        key="powerbank",
        category="Phone accessories",
        type="power bank",
        axis="capacity",
        closing="It gives {power} through {ports}.",
        models=(
            model(
                "Quarnell Reserve",
                24,
                29,
                """A flat power bank with display in per cent, allowed in hand luggage. Charges itself and the phone
                at the same time.""",
                "10000 mAh, 20000 mAh +15",
                power="22 W",
                ports="USB-C and USB-A",
            ),
        ),
    ),
    Family(
        key="charger",
        category="Phone accessories",
        type="phone charger",
        axis="power",
        closing="It suits every phone with {plug}.",
        models=(
            model(
                "Quarnell Spark",
                17,
                21,
                """A charger the size of a matchbox that stays cool. Two devices share its power.""",
                "30 W, 65 W +16",
                plug="USB-C",
                ports="2 USB-C",
            ),
            model(
                "Quarnell Halo",
                27,
                33,
                """A wireless charging pad with stand: the phone can be read while it fills. Finds its place by
                magnet.""",
                "15 W",
                plug="wireless charging",
                wireless="yes",
            ),
        ),
    ),
    Family(
        key="phonecase",
        category="Phone accessories",
        type="phone case",
        axis="size",
        closing="Made of {material}; keys and camera stay free.",
        models=(
            model(
                "Marlowick Shell",
                15,
                19,
                """A thin case with raised corners that has survived stairs in our test kitchen. Does not yellow.""",
                "6.1 inch, 6.7 inch",
                material="clear, shock-absorbing plastic",
            ),
            model(
                "Marlowick Book",
                24,
                29,
                """A folding case with three card pockets and a stand for films on the train.""",
                "6.1 inch, 6.7 inch",
                material="vegan leather",
            ),
        ),
    ),
    Family(
        key="carholder",
        category="Phone accessories",
        type="phone holder",
        axis="mount",
        closing="It holds phones up to {width} and lets go with one hand.",
        models=(
            model(
                "Marlowick Grip",
                16,
                20,
                """A firm holder that does not nod on cobblestones. Upright and across.""",
                "for the car vent, for the bicycle +6",
                width="9 cm",
            ),
        ),
    ),
)
