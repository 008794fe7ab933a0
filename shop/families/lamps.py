"""Lamps and bulbs."""

from typing import Final

from shop.family import Family, model

LAMPS: Final = (
    Family(
        key="desklamp",
        category="Lamps",
        type="desk lamp",
        axis="colour",
        closing="It gives {light}, dims in {dimming} and draws {power}.",
        models=(
            model(
                "Tavelle Study",
                39,
                47,
                """A desk lamp with a long arm that stays where it is put. Lights evenly, without a glare on the
                screen.""",
                "white, black, sage",
                light="600 lumen",
                dimming="5 steps",
                power="9 W",
                colour_temperature="2700 to 6000 K",
            ),
            model(
                "Tavelle Clip",
                19,
                23,
                """A reading lamp with clip and battery for bunk beds and night trains. Warm light that does not
                wake the neighbour.""",
                "white, coral",
                light="80 lumen",
                dimming="3 steps",
                power="1.5 W",
                battery="30 hours",
                use="bed",
            ),
        ),
    ),
    Family(
        key="floorlamp",
        category="Lamps",
        type="floor lamp",
        axis="colour",
        closing="It stands {height} high and gives {light}.",
        models=(
            model(
                "Tavelle Arc",
                119,
                138,
                """A lamp that bends over the sofa from behind, with a foot that even children do not push over.""",
                "black, brass",
                height="190 cm",
                light="1200 lumen",
                socket="E27",
            ),
            model(
                "Tavelle Paper",
                54,
                63,
                """A soft lamp of rice paper for corners. Arrives flat and is unfolded in five minutes.""",
                "white",
                height="120 cm",
                light="800 lumen",
                socket="E27",
            ),
        ),
    ),
    Family(
        key="bulb",
        category="Lamps",
        type="led bulb",
        axis="socket",
        closing="It replaces {replaces_bulb} and lasts for {lasts}.",
        models=(
            model(
                "Tavelle Glow",
                6,
                8,
                """A warm LED bulb that dims without flicker down to candlelight.""",
                "E27, E14, GU10",
                replaces_bulb="a 60 W bulb",
                lasts="15,000 hours",
                colour_temperature="2700 K",
            ),
            model(
                "Tavelle Mood",
                17,
                21,
                """A bulb in every colour that is set by app, voice or a plain wall switch.""",
                "E27, E14",
                replaces_bulb="a 60 W bulb",
                lasts="25,000 hours",
                smart="Matter and Zigbee",
            ),
        ),
    ),
    Family(
        key="ledstrip",
        category="Lamps",
        type="led strip",
        axis="length",
        closing="It sticks to {surface} and can be cut every {cut}.",
        models=(
            model(
                "Tavelle Line",
                24,
                29,
                """A light strip for shelves and the back of the television, evenly lit without visible dots.""",
                "2 metres, 5 metres +14",
                surface="wood, metal and glass",
                cut="five centimetres",
                power="12 W",
            ),
        ),
    ),
)
