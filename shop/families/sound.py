"""Headphones, speakers and radios."""

from typing import Final

from shop.family import Family, extra, model, spare

SOUND: Final = (
    Family(
        key="overear",
        category="Headphones",
        type="headphones",
        axis="colour",
        closing="They play for {battery_life}, weigh {weight} and fold flat.",
        models=(
            model(
                "Sonniva Hush",
                129,
                149,
                """Over-ear headphones with noise cancelling that takes the train out of the journey. Two devices at
                once, and they change over by themselves.""",
                "black, sand, navy",
                battery_life="38 hours",
                weight="248 g",
                noise_cancelling="yes",
                connection="Bluetooth 5.3",
            ),
            model(
                "Sonniva Studio",
                89,
                104,
                """Closed headphones with cable for recording and for digital pianos. Neutral, firm, every wearing
                part can be replaced.""",
                "black",
                battery_life="as long as you like, by cable",
                weight="280 g",
                noise_cancelling="no",
                connection="3.5 mm cable, 6.3 mm adapter",
            ),
            model(
                "Quarnell Pop",
                39,
                46,
                """Light on-ear headphones for school and sport. The children's limit of 85 decibels is set in the
                app.""",
                "coral, mint, black",
                battery_life="50 hours",
                weight="152 g",
                noise_cancelling="no",
                connection="Bluetooth 5.3",
                good_for="children",
            ),
        ),
        parts=(
            spare(
                "ear pads",
                15,
                20,
                """A pair of ear pads for the {model}, clicked in without tools. Crumbling pads also cost bass.""",
                content="2 pads",
            ),
        ),
        accessories=(
            extra(
                "headphone case",
                17,
                22,
                """A hard case with room for cable and charger. Keeps headphones whole at the bottom of a rucksack.""",
                material="recycled felt",
            ),
            extra(
                "headphone stand",
                19,
                24,
                """A wooden stand with a soft arch that does not press dents into the band.""",
                material="oak",
            ),
        ),
        plan="small",
    ),
    Family(
        key="earbuds",
        category="Headphones",
        type="earbuds",
        axis="colour",
        closing="{battery_life} with the case, {water}, and three sizes of tips.",
        models=(
            model(
                "Sonniva Drop",
                69,
                82,
                """Small wireless earbuds with noise cancelling that hold without hooks. Calls stay clear in wind.""",
                "white, black, sage",
                battery_life="28 hours",
                water="splash-proof",
                noise_cancelling="yes",
            ),
            model(
                "Quarnell Run",
                49,
                58,
                """Earbuds with soft hooks for running, open enough to hear the bicycle behind you. Buttons instead
                of touch fields, for gloves and rain.""",
                "black, orange",
                battery_life="32 hours",
                water="rain-proof",
                noise_cancelling="no",
                good_for="sport",
            ),
        ),
        parts=(
            spare(
                "charging case",
                29,
                36,
                """The charging case of the {model} alone, for those who still have both buds.""",
                battery="500 mAh",
            ),
            spare(
                "ear tips",
                7,
                9,
                """Silicone tips for the {model} in three sizes, two pairs of each.""",
                content="6 pairs",
            ),
        ),
        plan="small",
    ),
    Family(
        key="speaker",
        category="Speakers",
        type="bluetooth speaker",
        axis="colour",
        closing="It plays for {battery_life}, is {water} and weighs {weight}.",
        models=(
            model(
                "Quarnell Pebble",
                44,
                52,
                """A round speaker for the shower hook and the picnic. Louder than it looks, and two of them make
                stereo.""",
                "black, coral, teal",
                battery_life="14 hours",
                water="waterproof",
                weight="420 g",
            ),
            model(
                "Quarnell Boulder",
                129,
                149,
                """A party speaker with handle that charges phones on the side. Bass that one feels on the other
                side of the lawn.""",
                "black, sand",
                battery_life="24 hours",
                water="splash-proof",
                weight="3.1 kg",
            ),
        ),
        plan="small",
    ),
    Family(
        key="soundbar",
        category="Speakers",
        type="sound bar",
        axis="colour",
        closing="It has {power} and connects by {connection}.",
        models=(
            model(
                "Lumbray Bar",
                119,
                138,
                """A sound bar that lifts voices out of the music, for films in which one understands only half.
                Short enough for a 43 inch screen.""",
                "black, white",
                power="120 W",
                connection="HDMI ARC and optical",
                width="80 cm",
            ),
            model(
                "Lumbray Bar Sub",
                229,
                259,
                """Sound bar with wireless subwoofer. A night mode evens out explosions and whispers.""",
                "black",
                power="320 W",
                connection="HDMI eARC, optical and Bluetooth",
                width="95 cm",
            ),
        ),
        parts=(
            spare(
                "sound bar remote control",
                14,
                18,
                """Remote control for the {model}, with the voice and night keys.""",
                battery="2 × AAA",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="radio",
        category="Speakers",
        type="kitchen radio",
        axis="colour",
        closing="It receives {reception} and stores {presets}.",
        models=(
            model(
                "Hollbeck Dial",
                64,
                75,
                """A radio with one big knob and six keys for stations. Switches on in a second and never asks for
                an account.""",
                "cream, red, walnut",
                reception="DAB+ and FM",
                presets="20 stations",
                power="10 W",
            ),
        ),
        plan="small",
    ),
    Family(
        key="turntable",
        category="Speakers",
        type="record player",
        axis="colour",
        closing="It turns at {speeds} and connects by {connection}.",
        models=(
            model(
                "Hollbeck Groove",
                169,
                194,
                """A record player with belt drive that starts at the press of a button and lifts the arm at the
                end. Needs no further amplifier.""",
                "walnut, black",
                speeds="33 and 45 turns",
                connection="cable or Bluetooth",
            ),
        ),
        parts=(
            spare(
                "record needle",
                24,
                29,
                """Replacement needle for the {model}, pushed on by hand. After some five hundred hours, for the
                sake of the records.""",
                grind="elliptical",
            ),
        ),
        plan="medium",
    ),
    Family(
        key="alarmclock",
        category="Speakers",
        type="clock radio",
        axis="colour",
        closing="It wakes by {wakes} and dims to {dims}.",
        models=(
            model(
                "Hollbeck Dawn",
                49,
                58,
                """A clock that wakes with slowly growing light, half an hour before the birds. Two alarms, for
                weekdays and the rest.""",
                "white, oak",
                wakes="light, radio or a blackbird",
                dims="darkness",
                power="12 W",
            ),
        ),
        plan="small",
    ),
)
