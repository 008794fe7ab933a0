"""Dishwashers, washing machines, dryers."""

from typing import Final

from shop.family import Family, extra, model, spare

WASHING: Final = (
    Family(
        key="dishwasher",
        category="Dishwashers",
        type="dishwasher",
        axis="colour",
        closing="It washes {settings} with {water} at {noise}; energy class {energy_class}.",
        models=(
            model(
                "Brunnholt Clear 60",
                429,
                489,
                """Opens its door at the end and lets dishes dry in the air, also plastic. The upper basket can be
                lowered fully loaded.""",
                "white, steel",
                settings="14 place settings",
                water="9.5 litres",
                noise="42 dB",
                energy_class="C",
                width="60 cm",
            ),
            model(
                "Norrvale Disk 45",
                339,
                389,
                """A slim dishwasher for a narrow kitchen, with a short programme of half an hour that really
                cleans. Folding plate racks take pots.""",
                "white, steel",
                settings="9 place settings",
                water="8.9 litres",
                noise="46 dB",
                energy_class="E",
                width="45 cm",
            ),
            model(
                "Ardenka Silent 60",
                679,
                769,
                """So quiet that a light on the floor has to say it is running. A third drawer for cutlery and an
                eco programme at 40 degrees.""",
                "fully integrated",
                settings="15 place settings",
                water="8.4 litres",
                noise="38 dB",
                energy_class="B",
                width="60 cm",
            ),
        ),
        parts=(
            spare(
                "dishwasher door seal",
                22,
                29,
                """The lower door seal of the {model}. Water on the kitchen floor in front of the machine comes from
                here more often than from the hose.""",
                width="as the machine",
            ),
            spare(
                "spray arm",
                19,
                25,
                """The lower spray arm of the {model}. For grit in the upper glasses, when cleaning the nozzles no
                longer helps.""",
                position="lower",
            ),
            spare(
                "dishwasher drain pump",
                39,
                49,
                """Drain pump of the {model} with its rubber mount. For water that stays in the bottom.""",
                voltage="230 V",
            ),
        ),
        accessories=(
            extra(
                "dishwasher cleaner",
                6,
                8,
                """A cleaner for the empty machine against fat and lime in hoses and pump, three bottles.""",
                content="3 × 250 ml",
            ),
        ),
        plan="large",
    ),
    Family(
        key="washer",
        category="Washing machines and dryers",
        type="washing machine",
        axis="capacity",
        closing="It spins at {spin}, is heard at {noise} while washing and has energy class {energy_class}.",
        models=(
            model(
                "Brunnholt Wave",
                399,
                449,
                """A washing machine that weighs the laundry and takes water to match. The drum lifts shirts on soft
                ribs, so buttons stay on.""",
                "7 kg, 8 kg +50, 9 kg +100",
                spin="1400 turns",
                noise="51 dB",
                energy_class="A",
                short_programme="28 minutes",
            ),
            model(
                "Norrvale Tvatt",
                329,
                365,
                """A slim front loader for a bathroom where every centimetre counts: 45 cm deep. One knob, one
                display, twelve programmes with clear names.""",
                "6 kg, 7 kg +40",
                spin="1200 turns",
                noise="54 dB",
                energy_class="B",
                depth="45 cm",
                replaces="Wave",
            ),
            model(
                "Ardenka Steamcare",
                699,
                769,
                """Steams out creases and smells in twenty minutes without washing. Doses the detergent from a tank
                that lasts for a month.""",
                "9 kg, 10 kg +70",
                spin="1600 turns",
                noise="47 dB",
                energy_class="A",
                steam="yes",
            ),
        ),
        parts=(
            spare(
                "washing machine door seal",
                34,
                45,
                """The grey rubber bellows between drum and door of the {model}, with clamping spring. The first
                suspect when water runs out at the front.""",
                material="rubber",
            ),
            spare(
                "washing machine drain pump",
                35,
                45,
                """Drain pump with filter housing for the {model}. For water that stays in the drum, or a hum where
                there was a gurgle.""",
                power="30 W",
            ),
        ),
        accessories=(
            extra(
                "stacking kit",
                29,
                36,
                """A frame with pull-out shelf that joins a dryer safely on top of a 60 cm washing machine.""",
                width="60 cm",
            ),
            extra(
                "vibration pads",
                14,
                18,
                """Four rubber feet that stop the machine from wandering during the spin and keep the neighbours
                asleep.""",
                content="4 pieces",
            ),
        ),
        plan="large",
    ),
    Family(
        key="dryer",
        category="Washing machines and dryers",
        type="tumble dryer",
        axis="capacity",
        closing="A load takes about {duration} at {noise}; energy class {energy_class}.",
        models=(
            model(
                "Brunnholt Breeze",
                479,
                539,
                """A heat-pump dryer that is gentle enough for wool marked "dry flat". Cleans its condenser by
                itself.""",
                "8 kg, 9 kg +60",
                duration="2 hours 40 minutes",
                noise="62 dB",
                energy_class="A++",
            ),
            model(
                "Norrvale Tork",
                389,
                429,
                """A compact heat-pump dryer that stops when the laundry is ready for the cupboard, the iron, or in
                between.""",
                "7 kg",
                duration="2 hours 50 minutes",
                noise="65 dB",
                energy_class="A+",
                replaces="Breeze",
            ),
        ),
        parts=(
            spare(
                "lint filter",
                17,
                23,
                """The double lint filter in the door of the {model}. A torn one lets fluff through to the heat
                exchanger.""",
                material="fine mesh",
            ),
        ),
        plan="large",
    ),
)
