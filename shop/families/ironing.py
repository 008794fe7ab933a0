"""Irons and steam stations."""

from typing import Final

from shop.family import Family, extra, model, spare

IRONING: Final = (
    Family(
        key="iron",
        category="Irons",
        type="steam iron",
        axis="colour",
        closing="It steams with {steam} a minute, draws {power} and switches off when it is left lying.",
        models=(
            model(
                "Pellworth Glide",
                39,
                46,
                """A steam iron with a ceramic sole that also slides over linen. The tip is narrow enough for button
                rows.""",
                "blue, violet",
                steam="45 g",
                power="2600 W",
                tank="330 ml",
            ),
            model(
                "Norrvale Stryk",
                24,
                29,
                """A light iron for the shirt before work: hot in half a minute, cable on a ball joint.""",
                "white, mint",
                steam="30 g",
                power="2000 W",
                tank="240 ml",
                replaces="Glide",
            ),
        ),
        accessories=(
            extra(
                "ironing board cover",
                15,
                19,
                """A padded cover that reflects heat, so that the other side of the shirt is done as well. Elastic
                all round.""",
                size="up to 130 × 45 cm",
            ),
        ),
        plan="small",
    ),
    Family(
        key="steamstation",
        category="Irons",
        type="steam station",
        axis="colour",
        closing="It presses with {pressure}, steams {steam} a minute and holds {tank}.",
        models=(
            model(
                "Pellworth Press",
                149,
                169,
                """A steam generator for baskets full of laundry. One temperature for every fabric, so nothing needs
                sorting.""",
                "white, petrol",
                pressure="6.5 bar",
                steam="120 g",
                tank="1.7 litres",
            ),
        ),
        parts=(
            spare(
                "anti-lime cartridge",
                16,
                20,
                """Cartridge that keeps lime out of the pump of the {model}. Lasts for about forty hours of ironing.""",
                content="2 pieces",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="steamer",
        category="Irons",
        type="garment steamer",
        axis="colour",
        closing="It is ready in {heat_up}, steams {steam} a minute and weighs {weight}.",
        models=(
            model(
                "Pellworth Drape",
                44,
                52,
                """A hand steamer that takes creases out of dresses, curtains and suits on the hanger. Small enough
                for a suitcase.""",
                "white, berry",
                heat_up="25 seconds",
                steam="26 g",
                weight="870 g",
                use="travel",
            ),
        ),
        plan="small",
    ),
)
