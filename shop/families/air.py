"""Fans, heaters and what makes air cooler, cleaner or damper."""

from typing import Final

from shop.family import Family, model, spare

AIR: Final = (
    Family(
        key="fan",
        category="Air and climate",
        type="fan",
        axis="colour",
        closing="It moves air in {speeds} at {noise} on the lowest and uses {power} at most.",
        models=(
            model(
                "Zephrin Column",
                59,
                69,
                """A slim tower fan that turns from side to side and fits between bed and wall. The display goes
                dark at night.""",
                "white, black",
                speeds="6 speeds",
                noise="28 dB",
                power="38 W",
                timer="12 hours",
                use="bedroom",
            ),
            model(
                "Norrvale Vind",
                27,
                33,
                """A desk fan with metal grille and a clamp for shelves. Runs from USB, so also from a power bank on
                the balcony.""",
                "white, sage, black",
                speeds="3 speeds",
                noise="32 dB",
                power="8 W",
                use="desk",
            ),
            model(
                "Ardenka Ceiling",
                139,
                159,
                """A ceiling fan with light that turns the other way in winter and brings warm air down.""",
                "white, oak",
                speeds="5 speeds",
                noise="30 dB",
                power="32 W",
                diameter="112 cm",
            ),
        ),
        plan="small",
    ),
    Family(
        key="heater",
        category="Air and climate",
        type="heater",
        axis="colour",
        closing="It warms up to {area} with {power} and switches off when it tips over.",
        models=(
            model(
                "Zephrin Ember",
                49,
                58,
                """A ceramic fan heater for the bathroom in the morning: warm in seconds, quiet enough for the
                radio.""",
                "white, black",
                area="18 m²",
                power="2000 W",
                thermostat="yes",
            ),
            model(
                "Norrvale Element",
                79,
                92,
                """An oil-filled radiator on wheels for a steady warmth without a breath of air. No glow, no noise,
                good for sleeping.""",
                "white",
                area="25 m²",
                power="2500 W",
                thermostat="yes",
                noise="silent",
            ),
        ),
        plan="small",
    ),
    Family(
        key="aircon",
        category="Air and climate",
        type="air conditioner",
        axis="colour",
        closing="It cools up to {area} with {cooling} at {noise}.",
        models=(
            model(
                "Zephrin Frost",
                329,
                369,
                """A mobile air conditioner with a hose for tilted windows; the cloth seal is in the box. Also dries
                cellars.""",
                "white",
                area="28 m²",
                cooling="9000 BTU",
                noise="63 dB",
                energy_class="A",
            ),
        ),
        parts=(spare("exhaust hose", 29, 36, """Exhaust hose of the {model} with both adapters.""", length="1.5 m"),),
        plan="medium",
    ),
    Family(
        key="purifier",
        category="Air and climate",
        type="air purifier",
        axis="colour",
        closing="It renews the air of {area} twice an hour and whispers at {noise} by night.",
        models=(
            model(
                "Zephrin Pure",
                129,
                149,
                """Takes pollen, smoke and kitchen smells out of the air and shows with a ring of light how clean it
                is.""",
                "white, black",
                area="35 m²",
                noise="24 dB",
                filter="HEPA 13 and charcoal",
                good_for="allergies",
            ),
        ),
        parts=(
            spare(
                "purifier filter",
                32,
                39,
                """Two-stage filter for the {model}: fine particles and smells. The ring turns violet when it is
                full.""",
                change_every="9 months",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="humidifier",
        category="Air and climate",
        type="humidifier",
        axis="colour",
        closing="The tank of {tank} lasts for {lasts} at {noise}.",
        models=(
            model(
                "Zephrin Dew",
                45,
                53,
                """Cool mist against dry heating air, filled from above without lifting the tank. Keeps a set
                humidity.""",
                "white, grey",
                tank="3.5 litres",
                lasts="24 hours",
                noise="26 dB",
                use="nursery and bedroom",
            ),
        ),
        plan="small",
    ),
)
